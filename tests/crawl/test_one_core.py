from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from graphcrawl.crawl.one_core import on_one_core

if sys.platform != "linux":
    pytest.skip("only Linux lets a thread choose its core", allow_module_level=True)


def cores() -> set[int]:
    return os.sched_getaffinity(0)


def test_a_thread_and_those_it_starts_share_a_core_for_so_long() -> None:
    before = cores()
    with on_one_core(), ThreadPoolExecutor(1) as others:
        mine = cores()
        assert len(mine) == 1
        assert mine <= before
        assert others.submit(cores).result() == mine
    assert cores() == before


def test_other_threads_are_left_alone() -> None:
    before = cores()
    with ThreadPoolExecutor(1) as others:
        others.submit(cores).result()
        with on_one_core():
            assert others.submit(cores).result() == before


def test_a_failure_inside_frees_the_thread_and_is_passed_on() -> None:
    before = cores()
    with pytest.raises(OSError, match="disk"), on_one_core():
        raise OSError("disk")
    assert cores() == before


def test_where_it_is_not_allowed_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("not allowed here")

    before = cores()
    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    with on_one_core():
        assert cores() == before
