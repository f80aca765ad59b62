from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from graphcrawl.errors import StoreError
from graphcrawl.model import AccountRef, Answer, Thumbnail
from graphcrawl.store import (
    AvatarAlbum,
    Store,
    count_avatars,
    forget_account,
    open_for_reading,
    read_avatars,
    read_graph,
)
from tests.worlds import NETWORK, World, account, by_id, by_name, crawl, new_store, rows

FACE = Thumbnail("image/jpeg", b"\xff\xd8\xffFACE-OF-SOMEBODY")
OTHER = Thumbnail("image/jpeg", b"\xff\xd8\xffAnother")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        crawl(opened, World({"s": ["a", "b"], "a": ["c"]}), by_id("s"), 2)
        yield opened


def key(store: Store, social_id: str) -> int:
    (node,) = (one.id for one in read_graph(store).nodes if one.social_id == social_id)
    return node


def pictures(store: Store, most_bytes: int = 10**6) -> dict[str | None, Thumbnail]:
    names = {node.id: node.social_id for node in read_graph(store).nodes}
    read = read_avatars(store, list(names), most_bytes=most_bytes)
    return {names[node_id]: one for node_id, one in read.items()}


def test_pictures_are_kept_by_network_and_id_and_read_back(store: Store) -> None:
    album = AvatarAlbum(store)
    wanted = [account(one) for one in ("a", "s", "b")]
    assert album.lacking(wanted) == wanted
    assert album.keep([(account("a"), FACE), (account("s"), OTHER)]) == 2
    assert album.lacking(wanted) == [account("b")]
    assert album.lacking([]) == []
    # The same ID on another network is another account.
    assert album.lacking([account("a", network="tiktok")]) == [account("a", network="tiktok")]
    assert pictures(store) == {"a": FACE, "s": OTHER}
    with closing(open_for_reading(store.path)) as reader:
        assert pictures(reader) == {"a": FACE, "s": OTHER}
        assert count_avatars(reader, [key(store, "a"), key(store, "b")]) == 1


def test_the_first_picture_stays(store: Store) -> None:
    album = AvatarAlbum(store)
    assert album.keep([(account("a"), FACE)]) == 1
    assert album.keep([(account("a"), OTHER), (account("b"), OTHER)]) == 1
    assert pictures(store) == {"a": FACE, "b": OTHER}


def test_who_is_not_there_gets_none(store: Store) -> None:
    album = AvatarAlbum(store)
    assert album.keep([(account("nobody"), FACE), (account("a", network="tiktok"), FACE)]) == 0
    assert pictures(store) == {}


def test_reading_ends_where_the_bytes_do(store: Store) -> None:
    AvatarAlbum(store).keep([(account(one), FACE) for one in ("s", "a", "b")])
    order = [key(store, one) for one in ("b", "c", "s", "a")]
    size = len(FACE.content)
    for most, expected in ((0, 0), (size - 1, 0), (size, 1), (2 * size, 2), (9 * size, 3)):
        read = read_avatars(store, order, most_bytes=most)
        assert list(read) == [order[0], order[2], order[3]][:expected]


def test_who_is_forgotten_leaves_no_picture_behind(store: Store) -> None:
    album = AvatarAlbum(store)
    album.keep([(account("a"), FACE), (account("b"), OTHER)])
    forget_account(store, AccountRef(NETWORK, social_id="a"))
    assert rows(store, "SELECT count(*) FROM avatars") == [(1,)]
    for file in store.path.parent.iterdir():
        assert b"FACE-OF-SOMEBODY" not in file.read_bytes()
    # A picture that was under way comes too late.
    assert album.keep([(account("a"), FACE)]) == 0
    crawl(store, World({"s": ["a", "b"]}), by_id("s"), 2)
    assert album.keep([(account("a"), FACE)]) == 0
    assert pictures(store) == {"b": OTHER}


@pytest.mark.parametrize("before", [True, False])
def test_a_seed_known_by_name_has_the_picture_of_the_account_it_is(
    tmp_path: Path, before: bool
) -> None:
    """Pictures belong to an ID, which the provisional node does not have."""
    with new_store(tmp_path / "named.db") as store:
        if before:
            crawl(store, World({"s": ["a"]}), by_id("s"), 1)
            AvatarAlbum(store).keep([(account("a"), FACE)])
        world = World({"a": ["s"], "s": ["a"]}, {"a": [Answer(None, (account("s"),))]})
        crawl(store, world, by_name("a"), 2)
        if not before:
            AvatarAlbum(store).keep([(account("a"), FACE)])
        assert pictures(store) == {"a": FACE}
        assert rows(store, "SELECT count(*) FROM nodes WHERE social_id IS NULL") == [(0,)]


def test_a_database_that_cannot_serve(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE avatars")
    album = AvatarAlbum(store)
    with pytest.raises(StoreError):
        album.lacking([account("a")])
    with pytest.raises(StoreError):
        album.keep([(account("a"), FACE)])
    with pytest.raises(StoreError):
        read_avatars(store, [1], most_bytes=9)
    with pytest.raises(StoreError):
        count_avatars(store, [1])
