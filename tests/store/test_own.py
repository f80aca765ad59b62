"""Tags, notes and own columns: kept as they were given, through whatever a crawl does."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcrawl.addresses import SoughtAccount
from graphcrawl.errors import InputError, NothingFound
from graphcrawl.findings import own_of
from graphcrawl.graph.own import Own, read_note, read_tag
from graphcrawl.model import AccountRef, Answer, OwnValue
from graphcrawl.store import (
    Store,
    add_tags,
    forget_account,
    held_by_key,
    match_accounts,
    read_held,
    remove_columns,
    remove_tags,
    sqlite_file,
    start_crawl,
    store_columns,
    write_note,
)
from tests.worlds import (
    NETWORK,
    World,
    account,
    by_id,
    by_name,
    crawl,
    name_of,
    new_store,
    rows,
    run,
)

LISTS = {"s": ["a", "b"], "a": ["s", "c"], "b": []}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        crawl(opened, World(LISTS), by_id("s"), 2)
        yield opened


def key(store: Store, social_id: str) -> int:
    ((found,),) = rows(store, "SELECT id FROM nodes WHERE social_id = ?", social_id)
    assert isinstance(found, int)
    return found


def tags(store: Store) -> dict[str, tuple[str, ...]]:
    own = own_of(store)
    names = {one.id: one.social_id or "?" for one in held_by_key(store, list(own.tags))}
    return {names[one]: held for one, held in own.tags.items()}


def test_tags_are_put_once_and_taken_off(store: Store) -> None:
    marked = add_tags(store, by_id("a", "b", "a"), ["press", "art", "press"])
    assert ([one.social_id for one in marked.accounts], marked.tags) == (["a", "b"], 4)
    assert add_tags(store, by_id("a"), ["art", "new"]).tags == 1
    assert remove_tags(store, by_id("a", "b", "s"), ["press", "none"]).tags == 2
    assert tags(store) == {"a": ("art", "new"), "b": ("art",)}


def test_one_account_that_is_not_there_and_nothing_is_done(store: Store) -> None:
    with pytest.raises(NothingFound, match=r"nobody") as refused:
        add_tags(store, [*by_id("a"), AccountRef(NETWORK, "nobody")], ["press"])
    assert refused.value.exit_code == 4
    assert tags(store) == {}


def test_a_name_without_its_network_is_enough_where_one_alone_bears_it(store: Store) -> None:
    twin = account("t1", network="youtube", username=name_of("A"))
    crawl(store, World({}, {"b": [Answer(account("b"), (twin,))]}), by_id("b"), 1)
    (found,) = read_held(store, [SoughtAccount(None, name_of("b").upper())])
    assert found.id == key(store, "b")
    with pytest.raises(InputError, match=r"name one of instagram:name\.a, youtube:name\.A"):
        read_held(store, [SoughtAccount(None, name_of("a"))])
    with pytest.raises(NothingFound, match=r"did you mean instagram:name\.b,"):
        read_held(store, [SoughtAccount(None, "name.bb")])


def test_of_two_that_bear_one_name_the_ids_are_told(store: Store) -> None:
    heir = account("heir", username=name_of("a"))
    crawl(store, World({}, {"b": [Answer(account("b"), (heir,))]}), by_id("b"), 1)
    with pytest.raises(InputError, match="instagram:id:a, instagram:id:heir"):
        read_held(store, [AccountRef(NETWORK, name_of("a"))])


def test_a_seed_known_by_name_alone_gives_way_to_an_account_of_that_name(store: Store) -> None:
    start_crawl(store, by_name("a"), {"depth": 1})
    assert len(rows(store, "SELECT id FROM nodes WHERE name_key = ?", name_of("a"))) == 2
    (one,) = read_held(store, by_name("a"))
    assert one.social_id == "a"
    start_crawl(store, by_name("unknown"), {"depth": 1})
    (alone,) = read_held(store, by_name("unknown"))
    assert alone.social_id is None
    found = match_accounts(store, [*by_name("a", "unknown", "none"), *by_id("b")])
    assert found == [[one], [alone], [], read_held(store, by_id("b"))]


def test_a_note_replaces_the_one_before_which_is_given_back(store: Store) -> None:
    (ref,) = by_id("a")
    held, before = write_note(store, ref, "one\ntwo")
    assert (held.social_id, before) == ("a", None)
    assert write_note(store, ref, "three")[1] == "one\ntwo"
    assert own_of(store).notes == {key(store, "a"): "three"}
    assert write_note(store, ref, None)[1] == "three"
    assert write_note(store, ref, None)[1] is None
    assert own_of(store) == Own()


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)
values: st.SearchStrategy[st.SearchStrategy[OwnValue]] = st.sampled_from(
    [
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.booleans(),
        words,
    ]
)
columns = st.dictionaries(
    words, values.flatmap(lambda one: st.dictionaries(st.integers(1, 4), one)), max_size=4
)


@settings(max_examples=60, deadline=None)
@given(first=columns, second=columns)
def test_columns_come_back_as_they_were(
    first: dict[str, dict[int, OwnValue]], second: dict[str, dict[int, OwnValue]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, new_store(Path(folder) / "g.db") as store:
        crawl(store, World(LISTS), by_id("s"), 2)
        store_columns(store, first)
        store_columns(store, second)
        assert typed(own_of(store).columns) == typed({**first, **second})
        assert list(own_of(store).columns) == sorted({**first, **second}, key=str.encode)
        assert remove_columns(store, list(first)) == len(first)
        assert typed(own_of(store).columns) == typed(
            {name: held for name, held in second.items() if name not in first}
        )
        assert rows(
            store,
            "SELECT count(*) FROM own_values WHERE name NOT IN (SELECT name FROM own_columns)",
        ) == [(0,)]


def typed(held: Any) -> Any:
    """A bool is no integer here, nor is 2.0; and -0.0 is 0.0."""
    return {
        name: {one: (type(value), value) for one, value in sorted(values.items())}
        for name, values in held.items()
    }


def full(store: Store, social_id: str) -> Callable[[], object]:
    """Add a tag, a note and a value to an account; give what reads them."""
    (ref,) = by_id(social_id)
    add_tags(store, [ref], ["press"])
    write_note(store, ref, "a note")
    store_columns(store, {"topic": {key(store, social_id): "space"}})

    def held() -> object:
        own, node = own_of(store), key(store, social_id)
        return own.tags.get(node), own.notes.get(node), own.columns["topic"].get(node)

    return held


def test_they_stay_when_the_account_changes_and_is_asked_again(store: Store) -> None:
    held = full(store, "a")
    changed = account("a", username="other.name", title="Another", subscribers_count=5)
    crawl(store, World({}, {"a": [Answer(changed, (account("d"),))]}), by_id("a"), 1)
    assert rows(store, "SELECT username FROM nodes WHERE social_id = 'a'") == [("other.name",)]
    assert held() == (("press",), "a note", "space")


@pytest.mark.parametrize("both", [False, True])
def test_they_follow_a_seed_that_becomes_one_with_an_account(tmp_path: Path, both: bool) -> None:
    with new_store(tmp_path / "g.db") as store:
        if both:
            crawl(store, World({"q": ["s"]}), by_id("q"), 1)
            full(store, "s")
            store_columns(store, {"rank": {key(store, "s"): 1}})
        crawl_id = start_crawl(store, by_name("s"), {"depth": 1})
        ((seed,),) = rows(store, "SELECT id FROM nodes WHERE social_id IS NULL")
        assert isinstance(seed, int)
        with store.engine.begin() as connection:
            for tag in ("press", "mine"):
                connection.exec_driver_sql(
                    "INSERT INTO tags VALUES (?, ?, '2026-01-01 00:00:00.000000')", (seed, tag)
                )
            connection.exec_driver_sql(
                "INSERT INTO notes VALUES (?, 'of the seed', '2026-01-01 00:00:00.000000')", (seed,)
            )
        store_columns(store, {"rank": {seed: 2, **({key(store, "s"): 1} if both else {})}})
        run(store, crawl_id, World({"s": ["t"]}), 1)
        own, node = own_of(store), key(store, "s")
        assert own.tags == {node: ("mine", "press")}
        assert own.notes == {node: "a note\n\nof the seed" if both else "of the seed"}
        assert own.columns["rank"] == {node: 1 if both else 2}
        assert rows(store, "PRAGMA foreign_key_check") == []


def test_nothing_of_them_is_left_of_a_forgotten_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Some builds of SQLite overwrite what they delete; the file must be clean with the others.
    monkeypatch.setattr(sqlite_file, "PRAGMAS", (*sqlite_file.PRAGMAS, "secure_delete = OFF"))
    with new_store(tmp_path / "g.db") as store:
        crawl(store, World(LISTS), by_id("s"), 2)
        add_tags(store, by_id("a"), ["secret-tag"])
        write_note(store, by_id("a")[0], "a secret-note")
        store_columns(store, {"topic": {key(store, "a"): "secret-value", key(store, "b"): "x"}})
        marks = (b"secret-tag", b"secret-note", b"secret-value")
        assert all(mark in raw(store) for mark in marks)
        forget_account(store, by_id("a")[0])
        assert [mark for mark in marks if mark in raw(store)] == []
        assert own_of(store) == Own(columns={"topic": {key(store, "b"): "x"}})


def raw(store: Store) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(store.path.parent.iterdir()))


@given(st.text())
def test_a_tag_or_note_that_is_read_once_stays_as_it_is(text: str) -> None:
    for read in (read_tag, read_note):
        with suppress(InputError):
            once = read(text)
            assert read(once) == once
            assert once.encode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (" \t", "empty"),
        ("a,b", "no comma"),
        ("x" * 61, "longer than 60"),
        ("a\x1b[31m", "cannot be seen"),
        ("a\u202eb", "cannot be seen"),
        ("a\ud800", "cannot be seen"),
        ("youtube:nasa", "reads like an account"),
        ("@nasa", "--from FILE"),
        ("https://x.com/nasa", "--from FILE"),
    ],
)
def test_what_is_no_tag_is_one_clear_line(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as refused:
        read_tag(text)
    assert str(refused.value).isprintable()


def test_tags_are_small_letters_and_single_spaces() -> None:
    assert read_tag("  To\n ASK ") == "to ask"
    assert read_tag("E\u0301TE\u0301") == "\u00e9t\u00e9"
    assert read_tag("東京 🚀") == "東京 🚀"
