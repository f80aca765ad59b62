"""Accounts found by what they are called: against a search that simply looks at all of them."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphcrawl.crawl import Asker, Crawl, StopSignal, Unlimited
from graphcrawl.errors import InputError
from graphcrawl.model import Account, AccountRef, Answer, Outcome, Turn
from graphcrawl.store import (
    CrawlFrontier,
    Match,
    Scope,
    Store,
    bring_up_to_date,
    forget_account,
    name_index,
    search_accounts,
    start_crawl,
)
from graphcrawl.store.matching import Names, Wanted, folded, padded, trigrams
from graphcrawl.store.name_index import WORTH_INDEXING
from graphcrawl.store.search import KINDS
from tests.sql.querying import ask
from tests.worlds import (
    NETWORK,
    World,
    account,
    assert_true_crawl,
    by_id,
    crawl,
    new_store,
    rows,
)

Told = tuple[str | None, str | None]
"""Username and title."""

ACCOUNTS: tuple[Told, ...] = (
    ("nasa", "NASA"),
    ("nasa_artemis", "NASA Artemis"),
    ("spacenasa", "All about space"),
    ("tokyo.travel", "東京タワー観光"),
    ("osaka", "大東京の裏"),
    ("cafe", "Café São Paulo ☕"),
    ("ivan", "Андрей Королёв"),
    ("hellas", "Ελλάδα ΟΔΟΣ"),
    ("sara", "سَارَة العَرَبِيَّة"),
    ("fancy", "𝓜𝓪𝓻𝓲𝓪 𝐒𝐭𝐚𝐫"),
    ("rocket", "Go 🚀🚀 now"),
    ("na", None),
    (None, "A title alone"),
    ("quoted", 'say "hi" AND (NEAR OR *) - ^x:y'),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with new_store(tmp_path_factory.mktemp("search") / "g.db") as opened:
        _fill(opened, ACCOUNTS)
        yield opened


def _fill(store: Store, told: tuple[Told, ...]) -> None:
    listed = tuple(
        Account(NETWORK, f"id{n}", name, title, None, 1000 - n)
        for n, (name, title) in enumerate(told)
    )
    crawl(store, World({}, {"s": [Answer(account("s"), listed)]}), by_id("s"), 1)


def found(store: Store, text: str, **named: object) -> list[tuple[str | None, Match]]:
    return [(hit.node[3], hit.match) for hit in search_accounts(store, text, **named)]  # type: ignore[arg-type]


@pytest.mark.parametrize("indexed", [False, True])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "NASA",
            [("nasa", "name"), ("nasa_artemis", "beginning of name"), ("spacenasa", "inside")],
        ),
        (
            "@nasa",
            [("nasa", "name"), ("nasa_artemis", "beginning of name"), ("spacenasa", "inside")],
        ),
        ("artemis nasa", [("nasa_artemis", "words")]),
        ("nasa artemis", [("nasa_artemis", "name")]),
        ("temis", [("nasa_artemis", "inside")]),
        ("東京", [("tokyo.travel", "words"), ("osaka", "inside")]),
        ("裏", [("osaka", "inside")]),
        ("タワー", [("tokyo.travel", "inside")]),
        ("cafe sao", [("cafe", "words")]),
        ("SÃO", [("cafe", "words")]),
        ("андреи королев", [("ivan", "words")]),
        ("ελλαδα οδος", [("hellas", "words")]),
        ("سارة", [("sara", "words")]),
        ("maria star", [("fancy", "words")]),
        ("🚀", [("rocket", "words")]),
        ("go n", [("rocket", "words")]),
        ("say hi", [("quoted", "words")]),
        ("spasenasa", [("spacenasa", "similar"), ("nasa", "similar"), ("nasa_artemis", "similar")]),
        ("nobody", []),
        ('"', None),
        ("   ", None),
        ("\x00\x1b", None),
        ("x" * 201, None),
    ],
)
def test_what_is_found_and_why(
    store: Store, text: str, expected: list[tuple[str, str]] | None, indexed: bool
) -> None:
    if indexed:
        bring_up_to_date(store.engine)
    if expected is None:
        with pytest.raises(InputError, match=r"^search: "):
            search_accounts(store, text)
    else:
        assert found(store, text) == [(name, Match(match)) for name, match in expected]


def test_short_words_are_found_where_names_begin(store: Store) -> None:
    assert found(store, "na")[:3] == [
        ("na", Match.NAME),
        ("name.s", Match.BEGINNING),
        ("nasa", Match.BEGINNING),
    ]
    assert [name for name, _ in found(store, "n", limit=2)] == ["name.s", "nasa"]


@pytest.mark.parametrize(
    "text",
    ['nasa" OR "x', "nasa*", "username:nasa", "nasa AND artemis", "NEAR(nasa artemis)", "-nasa"]
    + ["^nasa", "na'); DROP TABLE nodes; --", "(nasa", "%", "_", "\ud800", "nasa\x00artemis"],
)
def test_the_text_is_never_a_query(store: Store, text: str) -> None:
    bring_up_to_date(store.engine)
    try:
        hits = search_accounts(store, text)
    except InputError:
        return
    wanted = Wanted.of(text)
    for hit in hits:
        if hit.match is not Match.SIMILAR:
            names = Names(padded(hit.node[3]), padded(hit.node[4]))
            assert wanted.match(names) is hit.match


letters = st.text("aáÁbßçdЖж東京 ._-🚀é", max_size=6)
names = st.tuples(st.one_of(st.none(), letters), st.one_of(st.none(), letters))


def by_looking_at_all(store: Store, wanted: Wanted) -> dict[str, Match]:
    best: dict[str, Match] = {}
    with store.engine.connect() as connection:
        history = connection.exec_driver_sql(
            "SELECT node_id, username, title FROM node_history ORDER BY id"
        ).all()
        nodes = connection.exec_driver_sql("SELECT id, social_id, username, title FROM nodes").all()
    for node_id, social_id, *now in nodes:
        before = [
            name
            for row in history
            for name in row[1:]
            if row[0] == node_id and name and name not in now
        ]
        former = padded(" ".join(dict.fromkeys(before)) or None)
        match = wanted.match(Names(padded(now[0]), padded(now[1]), former))
        if match is not None:
            best[social_id] = match
    return best


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(names, max_size=25), later=st.lists(names, max_size=8), data=st.data())
def test_it_finds_what_looking_at_all_finds(
    tmp_path_factory: pytest.TempPathFactory,
    told: list[Told],
    later: list[Told],
    data: st.DataObject,
) -> None:
    """Some are indexed, some were renamed since, some are new."""
    with new_store(tmp_path_factory.mktemp("all") / "g.db") as store:
        _fill(store, tuple(told))
        bring_up_to_date(store.engine)
        _fill(store, tuple([*later, *told[len(later) :], ("new", "東京 new")]))
        text = data.draw(letters.filter(folded))
        wanted = Wanted.of(text)
        best = by_looking_at_all(store, wanted)
        for _ in range(2):
            hits = search_accounts(store, text)
            if best:
                assert {hit.node[2]: hit.match for hit in hits} == best
                order = [(KINDS.index(hit.match), -(hit.node[5] or 0)) for hit in hits]
                assert order == sorted(order)
                assert search_accounts(store, text, limit=3) == hits[:3]
            else:
                assert {hit.match for hit in hits} <= {Match.SIMILAR}
            bring_up_to_date(store.engine)
        assert ask(store.path, "SELECT count(*) FROM search_waiting") == [(0,)]
        held = ask(store.path, "SELECT count(*) FROM account_search")
        assert held == ask(store.path, "SELECT count(*) FROM nodes")


def test_a_change_by_anyone_is_found_at_once(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        _fill(store, ACCOUNTS)
        bring_up_to_date(store.engine)
        with closing(sqlite3.connect(store.path)) as connection:
            connection.execute("UPDATE nodes SET title = 'Zephyr' WHERE username = 'rocket'")
            connection.execute("UPDATE nodes SET subscribers_count = 5")
            connection.execute("UPDATE nodes SET title = title")
            waiting = connection.execute("SELECT count(*) FROM search_waiting").fetchone()
            connection.execute("DELETE FROM nodes WHERE username = 'osaka'")
            connection.commit()
        assert waiting == (1,), "only a name or title that changed waits"
        assert found(store, "zephyr") == [("rocket", Match.WORDS)]
        assert found(store, "裏") == found(store, "🚀") == []
        bring_up_to_date(store.engine)
        assert found(store, "zephyr") == [("rocket", Match.WORDS)]
        assert found(store, "🚀") == []


def test_former_names_are_found(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        for name in ("brandold", "brandnew"):
            said = Answer(account("s", username=name, title="Title"), ())
            crawl(store, World({}, {"s": [said]}), by_id("s"), 1)
            bring_up_to_date(store.engine)
        hit, *others = search_accounts(store, "brandold")
        assert (hit.node[3], hit.match, hit.former) == ("brandnew", Match.FORMER, ("brandold",))
        assert others == []
        assert found(store, "brandnew") == [("brandnew", Match.NAME)]


def test_a_network_a_crawl_a_limit(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        tube = Account("youtube", "t", "nasa tube", "NASA", None, 9)
        crawl(store, World({}, {"s": [Answer(account("s"), (tube,))]}), by_id("s"), 1)
        second = crawl(
            store, World({}, {"r": [Answer(account("r"), (account("nasa"),))]}), by_id("r"), 1
        )
        both = {"nasa tube", "name.nasa"}
        assert {name for name, _ in found(store, "nasa")} == both
        assert len(found(store, "nasa", limit=1)) == 1
        assert [name for name, _ in found(store, "nasa", scope=Scope("youtube"))] == ["nasa tube"]
        assert [n for n, _ in found(store, "nasa", scope=Scope(None, second))] == ["name.nasa"]


def test_nothing_of_a_forgotten_account_is_left_in_the_index(tmp_path: Path) -> None:
    """FTS5 itself only crosses out what is deleted."""
    name = "ხვლიკი"
    with new_store(tmp_path / "g.db") as store:
        _fill(store, (*ACCOUNTS, (name, None)))
        bring_up_to_date(store.engine)

        def traces() -> int:
            with store.engine.connect() as connection:
                held = connection.exec_driver_sql("SELECT block FROM account_search_data")
                data = b"".join(held.scalars())
            return sum(trigram.encode() in data for trigram in trigrams([f" {name} "]))

        assert traces()
        forget_account(store, AccountRef(NETWORK, name))
        assert not traces()
        assert found(store, name) == []
        assert found(store, "nasa")[0] == ("nasa", Match.NAME)


def test_a_crawl_that_is_never_idle_leaves_a_few_names_to_its_end(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        _fill(store, ACCOUNTS)
        assert rows(store, "SELECT count(*) FROM account_search") == [(0,)]
        # The seed, of which nothing but its ID was known at first.
        assert rows(store, "SELECT count(*) FROM search_waiting") == [(1,)]
        assert found(store, "nasa")[0] == ("nasa", Match.NAME)


def unindexed(store: Store) -> int:
    with store.engine.connect() as connection:
        return sum(1 for _ in name_index.unindexed(connection))


def test_names_are_indexed_while_the_crawl_waits_for_an_answer(tmp_path: Path) -> None:
    listed = [f"b{n}" for n in range(WORTH_INDEXING)]
    left: list[int] = []
    with new_store(tmp_path / "g.db") as opened:

        def wait_for_the_index(social_id: str) -> None:
            until = time.monotonic() + 30
            while social_id == "a" and time.monotonic() < until:
                left.append(unindexed(opened))
                if left[-1] < WORTH_INDEXING:
                    return
                time.sleep(0.01)

        world = World({"s": ["a", *listed], "a": []}, before=wait_for_the_index)
        crawl(opened, world, by_id("s"), 2, workers=1)
        assert left[-1] < WORTH_INDEXING
        assert found(opened, "name.b7")[0] == ("name.b7", Match.NAME)


@pytest.mark.parametrize("renamed", [False, True])
def test_a_crawl_without_pause_never_leaves_many_names_unindexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renamed: bool
) -> None:
    monkeypatch.setattr(name_index, "MOST_UNINDEXED", 40)
    names = [f"u{n}" for n in range(150)]
    lists = {one: names[n + 1 : n + 8] for n, one in enumerate(names)}
    seen: list[int] = []

    with new_store(tmp_path / "g.db") as opened:

        class Watching(CrawlFrontier):
            def turn(self, outcomes: Sequence[Outcome], room: int) -> Turn:
                seen.append(unindexed(opened))
                return super().turn(outcomes, room)

        if renamed:
            world = World(lists)
            crawl(opened, world, by_id("u0"), None)
            bring_up_to_date(opened.engine)
        told = {
            one: [Answer(account(one, username=f"new.{one}"), tuple(map(renamed_account, after)))]
            for one, after in lists.items()
        }
        crawl_id = start_crawl(opened, by_id("u0"), {"depth": None})
        frontier, stop = Watching(opened, crawl_id, None), StopSignal()
        Crawl(frontier, Asker(World({}, told), Unlimited(), stop), stop, workers=2).run()
        assert 10 < max(seen) <= 40 + 2 * 8
        assert found(opened, "new.u149") == [("new.u149", Match.NAME)]


def renamed_account(social_id: str) -> Account:
    return account(social_id, username=f"new.{social_id}")


def test_a_crawl_goes_on_where_names_cannot_be_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_index, "MOST_UNINDEXED", 1)
    lists = {f"u{n}": [f"u{n + 1}", f"u{n + 2}"] for n in range(20)}
    with new_store(tmp_path / "g.db") as store:
        with store.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE account_search")
        crawl_id = crawl(store, World(lists), by_id("u0"), None)
        assert_true_crawl(store, crawl_id, World(lists), ["u0"], None)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("nasa_gov.official", "nasa gov official"),
        ("ＮＡＳＡ", "nasa"),
        ("Łódź Ærø Straße", "lodz aero strasse"),
        ("İstanbul ılık", "istanbul ilik"),
        ("हिन्दी ไทย が", "हिन्दी ไทย が"),
        ("❤️‍🔥", "❤ 🔥"),
        ("", ""),
    ],
)
def test_how_texts_are_compared(text: str, plain: str) -> None:
    assert folded(text) == plain


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(text) == " ".join(folded(text).split())
