from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graphcrawl.errors import InputError, NothingFound, StoreError
from graphcrawl.model import AccountRef, Answer, Outcome, OutcomeKind
from graphcrawl.store import (
    CrawlFrontier,
    Store,
    crawl_record,
    finish_crawl,
    forget_account,
    open_for_reading,
    sqlite_file,
    start_crawl,
)
from tests.worlds import (
    NETWORK,
    World,
    account,
    answer,
    by_id,
    by_name,
    crawl,
    found,
    name_of,
    new_store,
    rows,
    run,
)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    # Some builds of SQLite overwrite what they delete; the file must be clean with the others.
    monkeypatch.setattr(sqlite_file, "PRAGMAS", (*sqlite_file.PRAGMAS, "secure_delete = OFF"))
    with new_store(tmp_path / "g.db") as opened:
        yield opened


def raw(store: Store) -> bytes:
    """Everything that lies beside the database, as bytes."""
    return b"".join(path.read_bytes() for path in sorted(store.path.parent.iterdir()))


SECRET = account(
    "SECRETID99", username="Secret.Name", title="A secret title", avatar_url="https://secret/face"
)
MARKS = (b"SECRETID99", b"Secret.Name", b"secret.name", b"secret title", b"secret/face")


def holds_any(store: Store) -> list[bytes]:
    data = raw(store)
    return [mark for mark in MARKS if mark in data]


def secret_world() -> World:
    said = Answer(SECRET, (account("a"), account("b")))
    return World(
        {"a": [], "b": [], "c": ["b"]},
        {"s": [Answer(account("s"), (SECRET, account("c")))], SECRET.social_id: [said]},
    )


@pytest.mark.parametrize(
    "ref",
    [
        AccountRef(NETWORK, social_id="SECRETID99"),
        AccountRef(NETWORK, "secret.NAME"),
        AccountRef(NETWORK, "other", "SECRETID99"),
    ],
)
def test_nothing_of_the_account_is_left_in_the_file(store: Store, ref: AccountRef) -> None:
    crawl_id = crawl(store, secret_world(), by_id("s"), 3)
    assert holds_any(store)
    others = found(store, crawl_id)
    gone = forget_account(store, ref)
    assert (gone.accounts, gone.connections) == (1, 3)
    assert holds_any(store) == []
    left = found(store, crawl_id)
    assert left.depths == {one: d for one, d in others.depths.items() if one != "SECRETID99"}
    assert left.edges == {edge for edge in others.edges if "SECRETID99" not in edge}
    assert rows(store, "PRAGMA foreign_key_check") == []


def test_former_names_seeds_and_reasons_go_too(store: Store) -> None:
    former = account("SECRETID99", username="secret.former", title="secret title of before")
    crawl(store, World({}, {"SECRETID99": [Answer(former, ())]}), by_id("SECRETID99"), 1)
    named = World({}, {"Secret.Former": [Answer(former, ())]})
    crawl(store, named, [AccountRef(NETWORK, "Secret.Former"), *by_id("a")], 1)
    crawl(store, World({}), [AccountRef(NETWORK, "secret.Former")], 1)
    last = crawl(store, World({}, {"SECRETID99": [Answer(SECRET, ())]}), by_id("SECRETID99"), 1)
    finish_crawl(store, last, "interrupted", "instagram:Secret.Name: no answer in time")
    assert rows(store, "SELECT count(*) FROM node_history WHERE username LIKE 'secret%'") != [(0,)]
    forget_account(store, AccountRef(NETWORK, "Secret.Name"))
    assert holds_any(store) == []
    assert b"ecret.former" not in raw(store).lower()
    assert crawl_record(store, 2).seeds == ("(forgotten)", "instagram:id:a")
    assert crawl_record(store, last).reason == "(forgotten)"


def test_seeds_of_others_stay(store: Store) -> None:
    """Another account bore the name; as a seed it was named by its ID."""
    seeds = [AccountRef(NETWORK, "Secret.Name", "other7"), AccountRef("youtube", "Secret.Name")]
    crawl_id = start_crawl(store, [*seeds, *by_id("SECRETID99")], {"depth": 0})
    forget_account(store, AccountRef(NETWORK, social_id="SECRETID99"))
    assert crawl_record(store, crawl_id).seeds == (
        "instagram:Secret.Name",
        "youtube:Secret.Name",
        "(forgotten)",
    )


def test_what_is_unknown_cannot_be_forgotten(store: Store) -> None:
    crawl(store, secret_world(), by_id("s"), 1)
    for ref in (*by_id("nobody"), AccountRef("youtube", "Secret.Name")):
        with pytest.raises(NothingFound) as refused:
            forget_account(store, ref)
        assert refused.value.exit_code == 4


def test_answers_do_not_bring_it_back(store: Store) -> None:
    crawl(store, secret_world(), by_id("s"), 3)
    forget_account(store, AccountRef(NETWORK, "Secret.Name"))
    world = secret_world()
    crawl_id = crawl(store, world, by_id("s"), 3)
    assert "SECRETID99" not in world.asked
    assert set(found(store, crawl_id).depths) == {"s", "c", "b"}
    assert holds_any(store) == []
    assert rows(store, "SELECT rows FROM answers ORDER BY id DESC LIMIT 1") != [(2,)]


def test_it_is_refused_as_a_seed(store: Store) -> None:
    crawl(store, secret_world(), by_id("s"), 1)
    forget_account(store, AccountRef(NETWORK, social_id="SECRETID99"))
    for seed in (AccountRef(NETWORK, "SECRET.name"), *by_id("SECRETID99")):
        with pytest.raises(InputError, match="forgotten"):
            start_crawl(store, [*by_id("a"), seed], {"depth": 1})
    assert rows(store, "SELECT count(*) FROM crawls") == [(1,)]
    start_crawl(store, [AccountRef("youtube", "Secret.Name")], {"depth": 1})


def test_a_name_that_another_bears_by_now_is_kept_in_answers(store: Store) -> None:
    crawl(store, secret_world(), by_id("s"), 1)
    forget_account(store, AccountRef(NETWORK, "Secret.Name"))
    heir = account("heir", username="Secret.Name")
    crawl(store, World({}, {"t": [Answer(account("t"), (heir,))]}), by_id("t"), 1)
    assert rows(store, "SELECT username FROM nodes WHERE social_id='heir'") == [("Secret.Name",)]


def test_a_seed_by_another_name_that_turns_out_to_be_it(store: Store) -> None:
    """Renamed since: the API is asked by a name that no tombstone knows, and the ID tells."""
    crawl(store, secret_world(), by_id("s"), 1)
    forget_account(store, AccountRef(NETWORK, social_id="SECRETID99"))
    renamed = account("SECRETID99", username="Secret.Name")
    said = {"new.disguise": [Answer(renamed, (account("a"),))]}
    crawl_id = crawl(store, World({}, said), [AccountRef(NETWORK, "new.disguise")], 2)
    record = crawl_record(store, crawl_id)
    assert (record.accounts, record.seeds) == (0, ("(forgotten)",))
    assert holds_any(store) == []
    assert rows(store, "SELECT count(*) FROM nodes WHERE social_id='a'") == [(0,)]


def test_a_seed_without_an_id_is_forgotten_by_its_name(store: Store) -> None:
    crawl(store, World({}), [AccountRef(NETWORK, "Secret.Name")], 1)
    forget_account(store, AccountRef(NETWORK, "secret.name"))
    assert holds_any(store) == []
    twins = (SECRET, account("x2", username="secret.name"), account("a"))
    crawl_id = crawl(store, World({}, {"s": [Answer(account("s"), twins)]}), by_id("s"), 1)
    assert set(found(store, crawl_id).depths) == {"s", "a"}


def test_both_the_account_and_its_nameless_seed_go(store: Store) -> None:
    crawl(store, World({}), [AccountRef(NETWORK, "Secret.Name")], 1)
    crawl(store, secret_world(), by_id("s"), 1)
    assert forget_account(store, AccountRef(NETWORK, social_id="SECRETID99")).accounts == 2
    assert holds_any(store) == []


@pytest.mark.parametrize("seed", [*by_id("x"), *by_name("x")])
def test_forgotten_while_it_is_being_asked(store: Store, seed: AccountRef) -> None:
    """Its key stands for nobody else, and its answer is dropped with all that it lists."""
    crawl_id = start_crawl(store, [*by_id("q"), seed], {"depth": None})
    frontier = CrawlFrontier(store, crawl_id, None)
    claims = {claim.ref.social_id: claim for claim in frontier.turn([], 9).claims}
    asked = claims.get("x") or claims[None]
    forget_account(store, seed)
    first = Outcome(claims["q"], OutcomeKind.ANSWERED, 1, answer("q", "a", "x"))
    frontier.turn([first], 0)
    for kind, said in (
        (OutcomeKind.ANSWERED, answer("x", "a", "z")),
        (OutcomeKind.REFUSED, None),
        (OutcomeKind.RETURNED, None),
    ):
        frontier.turn([Outcome(asked, kind, 1, said, cause="not-found")], 0)
    assert found(store, crawl_id).depths == {"q": 0, "a": 1}
    assert found(store, crawl_id).edges == {("q", "a")}
    nodes = rows(store, "SELECT social_id, username FROM nodes ORDER BY id")
    assert nodes == [("q", name_of("q")), ("a", name_of("a"))]


def test_forgotten_by_another_connection_while_a_crawl_runs(store: Store) -> None:
    gate, waiting = threading.Event(), threading.Event()
    listed = [f"u{number}" for number in range(40)]

    def before(social_id: str) -> None:
        if social_id == "u20":
            waiting.set()
            assert gate.wait(20)

    lists = {"s": listed, **{one: ["SECRETID99", "s"] for one in listed}}
    world = World(lists, {"SECRETID99": [Answer(SECRET, (account("z"),))]}, before=before)
    crawl_id = start_crawl(store, by_id("s"), {"depth": 3})
    thread = threading.Thread(target=run, args=(store, crawl_id, world, 3), kwargs={"workers": 2})
    thread.start()
    try:
        assert waiting.wait(20)
        with new_store(store.path) as other:
            forget_account(other, AccountRef(NETWORK, social_id="SECRETID99"))
    finally:
        gate.set()
        thread.join()
    have = found(store, crawl_id)
    assert set(have.depths) == {"s", *listed}
    assert not [edge for edge in have.edges if "SECRETID99" in edge]
    assert crawl_record(store, crawl_id).status == "complete"


def test_a_file_that_could_not_be_cleaned_is_said_so_and_cleaned_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody reads all the while, so the log cannot be emptied."""
    crawl(store, secret_world(), by_id("s"), 3)
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.1)
    reader = open_for_reading(store.path)
    with new_store(store.path) as hasty, reader.engine.connect() as reading:
        reading.exec_driver_sql("SELECT count(*) FROM nodes").all()
        with pytest.raises(StoreError, match="holds it"):
            forget_account(hasty, AccountRef(NETWORK, social_id="SECRETID99"))
    assert rows(store, "SELECT count(*) FROM nodes WHERE social_id='SECRETID99'") == [(0,)]
    with pytest.raises(NothingFound):
        forget_account(store, AccountRef(NETWORK, social_id="SECRETID99"))
    assert holds_any(store) == []


def test_other_accounts_keep_their_history(store: Store) -> None:
    later = datetime.now(UTC) + timedelta(days=2)
    crawl(store, secret_world(), by_id("s"), 1)
    crawl_id = start_crawl(store, by_id("s"), {"depth": 1})
    frontier = CrawlFrontier(store, crawl_id, 1, clock=lambda: later)
    (claim,) = frontier.turn([], 1).claims
    said = Answer(account("s", username="renamed"), (SECRET,))
    frontier.turn([Outcome(claim, OutcomeKind.ANSWERED, 1, said)], 1)
    forget_account(store, AccountRef(NETWORK, social_id="SECRETID99"))
    assert rows(store, "SELECT username FROM node_history") == [(name_of("s"),)]
    left = rows(store, "SELECT social_id FROM edge_changes JOIN nodes ON id = target_id")
    assert left == [("c",)]
