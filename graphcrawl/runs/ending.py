"""How a run ended: what is written of it, and what is said to be missing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from graphcrawl.crawl import PictureCounts
from graphcrawl.errors import (
    AccessError,
    CrawlIncomplete,
    GraphcrawlError,
    NothingFound,
    StoreError,
)
from graphcrawl.filters import EXCLUDED
from graphcrawl.store import (
    TRANSIENT,
    CrawlRecord,
    Store,
    bring_up_to_date,
    crawl_record,
    finish_crawl,
    seed_outcomes,
)
from graphcrawl.wording import plural

NO_SEED: Final = frozenset({"not-found", "invalid-request", "unexpected-status", "unusable-answer"})
"""Ends of a seed that are no answer about it; one kept private is an answer."""


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """How a run ended.

    Attributes
    ----------
    record : CrawlRecord
        The crawl as it stands now, earlier runs included.
    seconds : float
        How long this run took.
    ended : GraphcrawlError or None
        Why it is not complete, or found nothing; None: complete.
    pictures : PictureCounts or None
        What became of the accounts' pictures in this run; None: they were not wanted.
    log_failure : str or None
        Why the log of attempts is not complete; None: it is, or none was wanted.
    """

    record: CrawlRecord
    seconds: float
    ended: GraphcrawlError | None
    pictures: PictureCounts | None = None
    log_failure: str | None = None

    @property
    def exit_code(self) -> int:
        """The command line's exit code."""
        return 0 if self.ended is None else self.ended.exit_code


def closed(
    store: Store, crawl_id: int, ended: GraphcrawlError | None
) -> tuple[CrawlRecord, GraphcrawlError | None]:
    """Write how a crawl ended, where that can still be written.

    Parameters
    ----------
    store : Store
    crawl_id : int
    ended : GraphcrawlError or None
        What ended it; None: nothing was left to ask.

    Returns
    -------
    CrawlRecord
        The crawl as it stands now.
    GraphcrawlError or None
        Why it is not complete, or found nothing.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    try:
        ended = _finish(store, crawl_id, ended)
    except StoreError as error:
        # Nothing can be written any more, not even this; what was written can be gone on with.
        return replace(crawl_record(store, crawl_id), status="interrupted"), ended or error
    bring_up_to_date(store.engine)
    return crawl_record(store, crawl_id), ended


def _finish(store: Store, crawl_id: int, ended: GraphcrawlError | None) -> GraphcrawlError | None:
    """Write how the crawl ended, and say what is missing even if nothing stopped it."""
    ended = ended or _shortfall(crawl_record(store, crawl_id))
    if ended is not None:
        status = "failed" if isinstance(ended, AccessError) else "interrupted"
        finish_crawl(store, crawl_id, status, str(ended))
        return ended
    finish_crawl(store, crawl_id, "complete", None)
    record = crawl_record(store, crawl_id)
    if not record.accounts:
        return NothingFound("every account to start from was forgotten here; none is asked again")
    # A seed that was left alone is no answer about the others; and what a refresh finds gone was
    # there before: that is news, and no spelling mistake.
    outcomes = set(seed_outcomes(store, crawl_id)) - {EXCLUDED}
    if outcomes and outcomes <= NO_SEED and not record.is_refresh:
        return _no_seed(record, outcomes)
    return None


def _shortfall(record: CrawlRecord) -> CrawlIncomplete | None:
    failed, deferred = record.count("failed", *TRANSIENT), record.count("deferred")
    parts = [
        f"{plural(failed, 'account')} used up every retry" if failed else "",
        f"{plural(deferred, 'report')} still being made" if deferred else "",
    ]
    words = " and ".join(part for part in parts if part)
    if not words:
        return None
    return CrawlIncomplete(f"{words}; everything answered is saved")


def _no_seed(record: CrawlRecord, outcomes: Collection[str]) -> NothingFound:
    names = ", ".join(record.seeds[:3]) + (", ..." if len(record.seeds) > 3 else "")
    what = "has no report" if set(outcomes) == {"not-found"} else "gave no usable answer"
    return NothingFound(f"the vendor {what} for {names}; check the spelling and the network")
