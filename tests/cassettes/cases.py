"""What is on the cassettes: for each, how the client asks and what it makes of the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from graphcrawl.api import Client, PlanInfo
from graphcrawl.crawl import RetryPolicy
from graphcrawl.database import Database
from graphcrawl.errors import (
    ApiError,
    InvalidRequest,
    InvalidToken,
    NoApiAccess,
    RateLimited,
    ReportForbidden,
    ReportNotFound,
    ReportPending,
    ServerFault,
)
from graphcrawl.model import AccountRef, Answer
from graphcrawl.runs import Access, CrawlOptions, CrawlResult

NASA: Final = AccountRef("instagram", username="nasa")
NASA_ON_YOUTUBE: Final = AccountRef("youtube", social_id="UCLA_DiR1FfKNvjuUpBHmylQ")
NOBODY: Final = AccountRef("instagram", username="graphcrawl_has_no_such_account")
PRIVATE: Final = AccountRef("instagram", username="graphcrawl_private_account")
UNFINISHED: Final = AccountRef("instagram", username="nasaartemis")

CRAWL: Final = "small-crawl"
CRAWL_REQUESTS: Final = 40
"""The most that the crawl's cassette may hold; the API may list many more accounts."""

_RETRIES: Final = RetryPolicy(retries=2, pending_retries=2)
_AT_ONCE: Final = replace(
    _RETRIES, base=0, limited_base=0, pending_base=0, cap=0, retry_after_cap=0
)


@dataclass(frozen=True)
class Case:
    """One request and its answer.

    `recordable` is False for what nobody can make the vendor say on purpose.
    """

    ask: Callable[[Client], object]
    becomes: type[Answer | PlanInfo | ApiError]
    recordable: bool = False


def _asking(ref: AccountRef) -> Callable[[Client], object]:
    return lambda client: client.ask(ref)


CASES: Final = {
    "sample": Case(_asking(NASA), Answer, recordable=True),
    "by-id": Case(_asking(NASA_ON_YOUTUBE), Answer, recordable=True),
    "plan": Case(Client.plan, PlanInfo, recordable=True),
    "not-found": Case(_asking(NOBODY), ReportNotFound, recordable=True),
    "invalid-token": Case(_asking(NASA), InvalidToken, recordable=True),
    "invalid-request": Case(_asking(NASA), InvalidRequest),
    "no-api-access": Case(_asking(NASA), NoApiAccess),
    "private": Case(_asking(PRIVATE), ReportForbidden),
    "too-many-requests": Case(_asking(NASA), RateLimited),
    "too-many-requests-with-wait": Case(_asking(NASA), RateLimited),
    "server-fault": Case(_asking(NASA), ServerFault),
    "being-made": Case(_asking(UNFINISHED), ReportPending),
}


def outcome(case: Case, client: Client) -> object:
    """Ask, and give what came: a value, or the API's error."""
    try:
        return case.ask(client)
    except ApiError as error:
        return error


def small_crawl(
    path: Path, access: Access, *, depth: int = 2, workers: int = 1, at_once: bool = True
) -> CrawlResult:
    """Crawl from the documentation's example; `at_once`: no wait between attempts."""
    options = CrawlOptions(
        depth=depth,
        workers=workers,
        max_requests=CRAWL_REQUESTS,
        policy=_AT_ONCE if at_once else _RETRIES,
    )
    return Database.at(path).crawl([NASA], access, options)
