from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.crawl import Ahead, Level, Progress, foretold, look_ahead

levels = st.dictionaries(
    st.integers(0, 5),
    st.builds(Level, *(st.integers(0, 1000) for _ in range(3))),
    max_size=6,
)


def test_nothing_is_ahead_of_a_crawl_that_has_asked_everyone() -> None:
    assert look_ahead({}, 3) is None
    assert look_ahead({0: Level(ended=1), 1: Level(rim=9)}, 1) is None


def test_the_branching_so_far_tells_of_the_next_level() -> None:
    """Ten asked accounts, some in vain, brought thirty: twenty more bring sixty."""
    seen = {0: Level(ended=1), 1: Level(ended=10, waiting=20), 2: Level(waiting=30)}
    assert look_ahead(seen, 3) == Ahead(depth=1, left=20, queued=50, beyond=90)
    assert look_ahead(seen, None) == look_ahead(seen, 3)


def test_accounts_of_the_next_level_that_were_asked_already_were_brought_too() -> None:
    seen = {1: Level(ended=10, waiting=10), 2: Level(ended=5, waiting=15)}
    assert look_ahead(seen, 3) == Ahead(depth=1, left=10, queued=25, beyond=35)


def test_the_last_level_has_no_next() -> None:
    seen = {0: Level(ended=1), 1: Level(ended=2, waiting=3), 2: Level(rim=40)}
    assert look_ahead(seen, 2) == Ahead(depth=1, left=3, queued=3, beyond=0)
    completed = look_ahead(seen, 2, complete=True)
    assert completed == Ahead(depth=1, left=3, queued=3, beyond=40 + 60)
    ring = {**seen, 1: Level(ended=5), 2: Level(ended=10, waiting=30)}
    assert look_ahead(ring, 2, complete=True) == Ahead(depth=2, left=30, queued=30, beyond=0)


def test_before_the_first_answer_nothing_is_known() -> None:
    assert look_ahead({0: Level(waiting=2)}, 3) == Ahead(depth=0, left=2, queued=2, beyond=None)


def test_a_level_without_an_answer_yet_is_told_by_the_one_before() -> None:
    seen = {0: Level(ended=2), 1: Level(waiting=8)}
    assert look_ahead(seen, 3) == Ahead(depth=1, left=8, queued=8, beyond=32)


@given(levels, st.one_of(st.none(), st.integers(0, 6)), st.booleans())
def test_what_is_ahead_is_never_less_than_the_queue(
    seen: dict[int, Level], limit: int | None, complete: bool
) -> None:
    ahead = look_ahead(seen, limit, complete=complete)
    queued = sum(level.waiting for level in seen.values())
    if ahead is None:
        assert queued == 0
        return
    assert ahead.requests >= ahead.queued == queued >= ahead.left > 0
    assert ahead.beyond is None or ahead.beyond >= 0


def test_counting_takes_a_small_share_of_the_time() -> None:
    now, looks, told = [0.0], [0], list[Progress]()

    def look() -> Ahead:
        now[0] += 1.0
        looks[0] += 1
        return Ahead(depth=0, left=looks[0], queued=looks[0], beyond=None)

    report = foretold(told.append, look, clock=lambda: now[0])
    for _ in range(200):
        report(Progress(requests=7))
        now[0] += 0.25
    assert 1 <= looks[0] <= 2
    assert told[0].ahead == Ahead(depth=0, left=1, queued=1, beyond=None)
    assert {progress.requests for progress in told} == {7}
