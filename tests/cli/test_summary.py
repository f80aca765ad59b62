from __future__ import annotations

from datetime import UTC, datetime

import pytest

from graphcrawl.cli.progress import progress_line
from graphcrawl.cli.summary import Files, is_worth_showing, summarise
from graphcrawl.crawl import Progress
from graphcrawl.errors import CrawlIncomplete
from graphcrawl.model import Origin
from graphcrawl.runs import CrawlResult
from graphcrawl.store import CrawlRecord

FILES = Files(database="g.db", page=None, flags="", reading="")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def result(status: str, statuses: dict[tuple[str, str | None], int]) -> CrawlResult:
    record = CrawlRecord(
        id=1,
        status=status,
        seeds=("instagram:nasa",),
        settings={"depth": 2, "rate": 0},
        started_at=NOON,
        finished_at=NOON,
        requests=9,
        accounts=sum(statuses.values()),
        connections=3,
        asked=statuses.get(("done", None), 0),
        statuses=statuses,
        reason=None,
    )
    ended = None if status == "complete" else CrawlIncomplete("1 account used up every retry")
    return CrawlResult(record, 1.0, ended)


def summary(status: str, statuses: dict[tuple[str, str | None], int]) -> str:
    return summarise(result(status, statuses), FILES, origin=Origin.SIMULATED)


@pytest.mark.parametrize("missing", [("failed", "server-fault"), ("deferred", "pending")])
def test_accounts_that_are_to_be_asked_again_are_not_passed_off_as_seen(
    missing: tuple[str, str],
) -> None:
    said = summary("interrupted", {("done", None): 3, missing: 1})
    assert "  not everything reachable was seen yet\n" in said
    assert "  everything reachable was seen" not in said


def test_an_answer_that_there_is_no_report_ends_the_search() -> None:
    said = summary("complete", {("done", None): 3, ("failed", "not-found"): 1})
    assert "  everything reachable was seen, but for those without an answer\n" in said
    assert "  everything reachable was seen\n" in summary("complete", {("done", None): 3})


def test_a_run_that_heard_nothing_replaces_no_map() -> None:
    assert not is_worth_showing(result("failed", {("queued", None): 1}))
    assert is_worth_showing(result("interrupted", {("done", None): 1, ("queued", None): 9}))
    assert is_worth_showing(result("complete", {("failed", "private"): 1}))
    assert is_worth_showing(result("complete", {("skipped", "rim"): 1}))


def test_progress_says_that_requests_are_being_retried() -> None:
    assert "retrying (server-fault)" in progress_line(
        Progress(requests=7, trouble="server-fault"), 0
    )
    assert "retrying" not in progress_line(Progress(requests=7), 0)
