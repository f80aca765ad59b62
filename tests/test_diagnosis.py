from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphcrawl.diagnosis import Finding, diagnose
from graphcrawl.settings import load_settings
from tests.nobody import as_nobody, public_folder
from tests.worlds import World, by_id, crawl, new_store


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody may write into."""
    with public_folder(0o777) as folder:
        yield folder


def looked_at(database: Path, folder: Path) -> Finding:
    settings = load_settings(
        flags={"url": "http://127.0.0.1:9", "db": database},
        environ={},
        cwd=folder,
        config_dir=folder,
    )
    found = {one.check: one for one in diagnose(settings, folder / "permits.db")}
    return found["database"]


@pytest.mark.parametrize("is_old", [False, True])
def test_a_database_that_may_only_be_read_cannot_be_written(public: Path, *, is_old: bool) -> None:
    path = public / "graph.db"
    with new_store(path) as store:
        crawl(store, World({"s": ["a"]}), by_id("s"), 1)
        if is_old:
            with store.engine.begin() as connection:
                connection.exec_driver_sql("DROP TABLE runs")
                connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'")
    path.chmod(0o644)
    before = path.read_bytes()
    found = looked_at(path, public)
    assert found.error is None
    assert ("earlier graphcrawl" in found.detail) is is_old
    path.chmod(0o444)
    with as_nobody():
        (public / "own").mkdir()
        found = looked_at(path, public / "own")
    assert found.error is not None
    assert found.error.exit_code == 2
    assert "permissions" in found.detail
    assert path.read_bytes() == before
