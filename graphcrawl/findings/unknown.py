"""What is not known of an account, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from graphcrawl.filters import CUT, IN_WORDS, RING
from graphcrawl.findings.vicinity import Link
from graphcrawl.graph import Node
from graphcrawl.model import WITHOUT_ENGAGEMENT, Certainty
from graphcrawl.store import StoredAccount
from graphcrawl.wording import plural

if TYPE_CHECKING:
    from graphcrawl.findings.account import Neighbour

_REFUSALS: Final = {
    "not-found": "the vendor has no report of it",
    "private": "it is private, or without posts",
    "invalid-request": "the request was refused",
}
_SKIPPED: Final = {
    "rim": "it lies on the rim of the crawl",
    "unknown-network": "the vendor cannot be asked about its network",
    **{cause: f"it was left out: {words}" for cause, words in IN_WORDS.items()},
}
_LACKING: Final = {
    CUT: "only the first of those that it lists were kept",
    RING: "of those that it lists, only accounts of the crawl were kept",
}


def unknown_of(node: Node, stored: StoredAccount, neighbours: Sequence[Neighbour]) -> Iterator[str]:
    """Say in a line each what is not known of an account."""
    yield from _listing(node, stored)
    unsure = sum(
        one.link is Link.LISTS and one.certainty is Certainty.UNKNOWN for one in neighbours
    )
    if unsure:
        listed = plural(unsure, "account")
        yield f"the way back from {listed} that it lists: not asked, or no answer"
    if stored.silent:
        yield (
            f"who else lists it: {stored.silent:,} of {plural(stored.accounts, 'account')} did "
            "not tell whom they list"
        )
    yield from _values(node)


def _listing(node: Node, stored: StoredAccount) -> Iterator[str]:
    if node.visit == "done":
        if node.cause in _LACKING:
            yield f"whom it lists in full: {_LACKING[node.cause]}"
        elif stored.profile.expanded_at is None:
            yield "whom it lists in full: some rows of the answer could not be used"
        return
    yield f"whom it lists: {_why_silent(node, stored)}"


def _why_silent(node: Node, stored: StoredAccount) -> str:
    cause = node.cause or ""
    if node.visit == "skipped":
        return "; ".join(filter(None, ("it was not asked", _SKIPPED.get(cause))))
    if node.visit in ("failed", "deferred"):
        errors = [visit.error for visit, _ in stored.visits if visit.error]
        words = _REFUSALS.get(cause) or (errors[-1] if errors else cause)
        return f"it was asked in vain; {words}"
    if node.visit is None:
        return "no crawl holds it, so it was not asked"
    return "it was not asked yet; it waits for its turn (graphcrawl resume goes on)"


def _values(node: Node) -> Iterator[str]:
    if node.social_id is None:
        yield "its ID: no answer has named it yet"
    if node.subscribers_count is None:
        yield "its followers"
    if node.er is None and node.network not in WITHOUT_ENGAGEMENT:
        yield "its engagement rate"
