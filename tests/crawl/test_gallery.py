"""Pictures beside a crawl, over its two ports: a dictionary of addresses, and a list."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from graphcrawl.crawl import Asker, Crawl, Gallery, PictureCounts, StopSignal, Unlimited, gallery
from graphcrawl.errors import CrawlIncomplete, GraphcrawlError, Interrupted, StoreError
from graphcrawl.model import Account, Answer, Thumbnail
from graphcrawl.store import CrawlFrontier, Store, start_crawl
from tests.worlds import HASTY, World, account, by_id, expected, found, new_store

LISTS = {"s": ["a", "b", "c"], "a": ["s", "d"], "b": ["a", "c"], "c": []}


def pictured(social_id: str) -> Account:
    return account(social_id, avatar_url=f"https://here/{social_id}")


def pictured_world(lists: dict[str, list[str]] = LISTS) -> World:
    answers = {
        one: [Answer(pictured(one), tuple(map(pictured, listed)))] for one, listed in lists.items()
    }
    return World(lists, answers)


@dataclass
class Pictures:
    """A source: what it fetches is the address itself."""

    fetches: Callable[[str], Thumbnail | None] = lambda url: Thumbnail("image/jpeg", url.encode())
    asked: list[str] = field(default_factory=list)

    def allows(self, url: str) -> bool:
        return url.startswith("https://here/")

    def fetch(self, url: str) -> Thumbnail | None:
        self.asked.append(url)
        return self.fetches(url)


@dataclass
class Shelf:
    """An album in memory."""

    held: dict[str, bytes] = field(default_factory=dict)
    kept: int = 0
    fails: bool = False

    def lacking(self, accounts: Sequence[Account]) -> list[Account]:
        return [one for one in accounts if one.social_id not in self.held]

    def keep(self, pictures: Iterable[tuple[Account, Thumbnail]]) -> int:
        if self.fails:
            raise StoreError("the disk is full")
        self.kept += 1
        new = {one.social_id: picture.content for one, picture in pictures}
        self.held |= new
        return len(new)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "g.db") as opened:
        yield opened


def crawled(
    store: Store,
    world: World,
    beside: Gallery,
    *,
    stop: StopSignal | None = None,
) -> int:
    crawl_id = start_crawl(store, by_id("s"), {"depth": 3})
    stop = stop or StopSignal()
    asker = Asker(world, Unlimited(), stop, policy=HASTY)
    with beside.beside(CrawlFrontier(store, crawl_id, 3), stop) as frontier:
        Crawl(frontier, asker, stop, workers=2).run()
    return crawl_id


def test_each_account_gets_its_picture_once(store: Store) -> None:
    source, shelf = Pictures(), Shelf()
    beside = Gallery(source, shelf)
    crawl_id = crawled(store, pictured_world(), beside)
    assert sorted(source.asked) == [f"https://here/{one}" for one in "abcds"]
    assert shelf.held == {one: f"https://here/{one}".encode() for one in "abcds"}
    assert beside.counts == PictureCounts(kept=5)
    assert found(store, crawl_id).edges == expected(LISTS, ["s"], 3).edges


def test_who_has_a_picture_or_no_address_is_not_asked_for(store: Store) -> None:
    world = World(
        LISTS,
        {
            "s": [
                Answer(
                    account("s", avatar_url=None),
                    (pictured("a"), account("b", avatar_url=""), pictured("c")),
                )
            ]
        },
    )
    source, shelf = Pictures(), Shelf({"a": b"before"})
    beside = Gallery(source, shelf)
    crawled(store, world, beside)
    assert source.asked == ["https://here/c"]
    assert shelf.held["a"] == b"before"
    assert beside.counts == PictureCounts(kept=1)


def test_what_goes_wrong_is_counted_and_nothing_else(store: Store) -> None:
    def fetch(url: str) -> Thumbnail | None:
        if url.endswith("a"):
            raise ZeroDivisionError
        return None if url.endswith("b") else Thumbnail("image/jpeg", b"x")

    lists = {**LISTS, "c": []}
    world = pictured_world(lists)
    elsewhere = account("e", avatar_url="http://169.254.169.254/")
    world = World(lists, {"s": [Answer(pictured("s"), (*map(pictured, "abc"), elsewhere))]})
    source = Pictures(fetch)
    beside = Gallery(source, Shelf())
    crawled(store, world, beside)
    assert beside.counts == PictureCounts(kept=2, failed=2, elsewhere=1)
    assert not any("169" in url for url in source.asked)


def test_an_album_that_cannot_be_written_ends_no_crawl(store: Store) -> None:
    beside = Gallery(Pictures(), Shelf(fails=True))
    crawl_id = crawled(store, pictured_world(), beside)
    assert beside.counts == PictureCounts(failed=5)
    assert found(store, crawl_id).depths == expected(LISTS, ["s"], 3).depths


@dataclass
class Gate:
    """A source that answers nothing until it is opened."""

    opened: threading.Event = field(default_factory=threading.Event)

    def __call__(self, url: str) -> Thumbnail | None:
        self.opened.wait(20)
        return Thumbnail("image/jpeg", b"x")


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.opened.set()


def test_a_crawl_waits_for_no_picture(store: Store, gate: Gate) -> None:
    """While none has come, everything is asked and recorded; then the wait has an end."""
    beside = Gallery(Pictures(gate), Shelf(), patience=0.0)
    crawl_id = crawled(store, pictured_world(), beside)
    assert found(store, crawl_id).edges == expected(LISTS, ["s"], 3).edges
    assert beside.counts == PictureCounts(late=5)


class Looked(StopSignal):
    """Opens a gate as soon as someone looks whether to go on waiting."""

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self._gate = gate

    def is_set(self) -> bool:
        self._gate.opened.set()
        return super().is_set()


@pytest.fixture
def frontier(store: Store) -> CrawlFrontier:
    return CrawlFrontier(store, start_crawl(store, by_id("s"), {"depth": 3}), 3)


def test_the_last_pictures_are_waited_for(frontier: CrawlFrontier, gate: Gate) -> None:
    """None comes before the crawl is over."""
    beside = Gallery(Pictures(gate), Shelf())
    with beside.beside(frontier, Looked(gate)):
        beside.want(pictured(str(number)) for number in range(40))
    assert beside.counts == PictureCounts(kept=40)


def test_the_wait_for_the_last_pictures_can_be_ended(frontier: CrawlFrontier, gate: Gate) -> None:
    beside, stop = Gallery(Pictures(gate), Shelf(), patience=600.0), StopSignal()
    began = time.monotonic()
    with beside.beside(frontier, stop):
        beside.want([pictured("a")])
        stop.set()
    assert time.monotonic() - began < 60.0
    assert beside.counts == PictureCounts(late=1)


@pytest.mark.parametrize(("error", "waits"), [(CrawlIncomplete, True), (StoreError, False)])
def test_a_crawl_that_ends_early_keeps_what_came(
    frontier: CrawlFrontier, error: type[GraphcrawlError], waits: bool, gate: Gate
) -> None:
    source = Pictures() if waits else Pictures(gate)
    beside = Gallery(source, Shelf())

    def run() -> None:
        with beside.beside(frontier, StopSignal()):
            beside.want([pictured("a"), pictured("b")])
            raise error("no more")

    with pytest.raises(error):
        run()
    assert beside.counts == (PictureCounts(kept=2) if waits else PictureCounts(late=2))


def test_whoever_asks_for_the_end_waits_for_nothing(store: Store, gate: Gate) -> None:
    stop = StopSignal()
    world = pictured_world()
    world.before = lambda social_id: stop.set() if social_id == "a" else None
    beside = Gallery(Pictures(gate), Shelf())
    with pytest.raises(Interrupted):
        crawled(store, world, beside, stop=stop)
    assert beside.counts.kept == 0
    assert beside.counts.late > 0


def test_only_so_many_wait(
    frontier: CrawlFrontier, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "MOST_WAITING", 3)
    beside = Gallery(Pictures(gate), Shelf(), patience=0.0)
    with beside.beside(frontier, StopSignal()):
        beside.want(pictured(str(number)) for number in range(50))
        assert beside.counts == PictureCounts(late=47)
    assert beside.counts == PictureCounts(late=50)


def test_pictures_share_transactions(frontier: CrawlFrontier) -> None:
    """However many come: one about every second, and one at the end."""
    source, shelf, now = Pictures(), Shelf(), [0.0]
    beside = Gallery(source, shelf, clock=lambda: now[0])
    with beside.beside(frontier, StopSignal()):
        for number in range(6):
            beside.want([pictured(str(number))])
            wait_for(source, number + 1)
            beside.save()
        assert shelf.kept == 0
        now[0] = 1.5
        beside.save()
        assert shelf.kept == 1
        assert len(shelf.held) >= 5
    assert shelf.kept <= 2
    assert beside.counts == PictureCounts(kept=6)


def wait_for(source: Pictures, asked: int) -> None:
    end = time.monotonic() + 20
    while len(source.asked) < asked:
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.001)


def test_no_thread_is_left(store: Store) -> None:
    before = set(threading.enumerate())
    crawled(store, pictured_world(), Gallery(Pictures(), Shelf()))
    assert set(threading.enumerate()) <= before
