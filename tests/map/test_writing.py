"""Putting a page in its place: whole or not at all, and over nothing of anyone else's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from graphcrawl.errors import FileRefused
from graphcrawl.map import Heading, draw, may_replace, write_page
from tests.map.graphs import sample

PAGE = draw(sample(), heading=Heading("T" * 5000, "first"))


def test_a_new_page_is_written_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "map.html"
    write_page(PAGE, path)
    assert path.read_bytes() == PAGE.encode("utf-8")
    assert os.listdir(path.parent) == ["map.html"]


def test_an_own_page_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    write_page(PAGE, path)
    assert may_replace(path)
    write_page(PAGE + "<!-- again -->", path)
    assert path.read_text(encoding="utf-8").endswith("again -->")


@pytest.mark.parametrize("content", [b"", b"my notes", b"<html>" + b" " * 5000 + PAGE.encode()])
def test_a_file_of_someone_else_stays(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "map.html"
    path.write_bytes(content)
    assert not may_replace(path)
    with pytest.raises(FileRefused, match="--force") as caught:
        write_page(PAGE, path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["map.html"]


def test_force_replaces_a_file(tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    path.write_text("my notes")
    write_page(PAGE, path, force=True)
    assert may_replace(path)


@pytest.mark.parametrize("force", [False, True])
def test_folders_links_and_pipes_are_refused(tmp_path: Path, force: bool) -> None:
    target = tmp_path / "target.html"
    target.write_text("kept")
    link, dangling, pipe = tmp_path / "link", tmp_path / "dangling", tmp_path / "pipe"
    link.symlink_to(target)
    dangling.symlink_to(tmp_path / "nowhere")
    os.mkfifo(pipe)
    for path in (tmp_path, link, dangling, pipe):
        assert not may_replace(path)
        with pytest.raises(FileRefused):
            write_page(PAGE, path, force=force)
    assert target.read_text() == "kept"
    assert link.is_symlink()
    assert not (tmp_path / "nowhere").exists()


def test_a_path_through_a_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "map.html"
    assert not may_replace(path)
    with pytest.raises(FileRefused, match="cannot be written") as caught:
        write_page(PAGE, path)
    assert "\n" not in str(caught.value)


def test_a_failed_write_leaves_the_old_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "map.html"
    write_page(PAGE, path)

    def _full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", _full)
    with pytest.raises(FileRefused, match="No space left"):
        write_page("other", path)
    assert path.read_text(encoding="utf-8") == PAGE
    assert os.listdir(tmp_path) == ["map.html"]


def test_what_a_killed_process_left_beside_it_is_cleared(tmp_path: Path) -> None:
    left, fresh, others = (
        tmp_path / name
        for name in (
            ".graphcrawl-7-0123abcd.tmp",
            ".graphcrawl-8-0123abcd.tmp",
            ".graphcrawl-x.tmp",
        )
    )
    for one in (left, fresh, others):
        one.write_bytes(b"half a page")
    (tmp_path / ".graphcrawl-9-0123abcd.tmp").mkdir()
    for one in tmp_path.iterdir():
        if one != fresh:
            os.utime(one, (1e9, 1e9))
    write_page(PAGE, tmp_path / "map.html")
    kept = {".graphcrawl-9-0123abcd.tmp", fresh.name, others.name, "map.html"}
    assert set(os.listdir(tmp_path)) == kept
