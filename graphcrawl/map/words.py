"""What the page says: the heading, what is known of an account, and foreign text made readable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from graphcrawl.filters import CUT, IN_WORDS, RING
from graphcrawl.graph import ConnectionGraph, Node
from graphcrawl.model import NETWORKS, Certainty, Origin, ReportState
from graphcrawl.wording import ELLIPSIS, duration, is_unseen, plural

NOTICES: Final[Mapping[Origin, str]] = {
    Origin.SIMULATED: "Simulated data: a simulator stood in for HypeAuditor",
    Origin.IMPORTED: "Imported data: asked means that the file tells whom an account lists",
}
"""What stands on a page whose data did not come from the vendor."""

_LISTS: Final = "An arrow from A to B: A lists B; the vendor does not say why."
MEANINGS: Final[Mapping[Origin, str]] = {
    Origin.VENDOR: _LISTS,
    Origin.SIMULATED: _LISTS,
    Origin.IMPORTED: "An arrow from A to B: the imported file has a connection from A to B.",
}

CERTAINTIES: Final = {
    Certainty.MUTUAL: "mutual: each lists the other",
    Certainty.ONE_WAY: "one-way: the other was asked, and does not list it back",
    Certainty.UNKNOWN: "unknown: the other was not asked, or gave no answer",
}

_SEEN: Final = "everything reachable was seen"
_EVERYTHING: Final[Mapping[Origin, str]] = {
    Origin.VENDOR: _SEEN,
    Origin.SIMULATED: _SEEN,
    Origin.IMPORTED: "all that the file tells is here",
}

LONGEST_TEXT: Final = 280
_SHOWN_SEEDS: Final = 3
_LONGEST_SEED: Final = 40


class Standing(StrEnum):
    """What the map knows of the connections that leave an account; PARTLY for creators only."""

    ASKED = "asked"
    PARTLY = "partly"
    UNASKED = "unasked"
    WAITING = "waiting"
    FAILED = "failed"
    PRIVATE = "private"


STANDINGS: Final = {
    Standing.ASKED: "asked: what it lists is drawn",
    Standing.PARTLY: "asked in part: what its other accounts list is not known",
    Standing.UNASKED: "not asked: what it lists is not known",
    Standing.WAITING: "not asked yet: what it lists is not known",
    Standing.FAILED: "asked without an answer: what it lists is not known",
    Standing.PRIVATE: "private: what it lists is not known",
}
"""One line for each standing, for the legend and for what is said of an account."""

_STANDING_OF_VISIT: Final = {
    "done": Standing.ASKED,
    "failed": Standing.FAILED,
    "queued": Standing.WAITING,
    "claimed": Standing.WAITING,
    "deferred": Standing.WAITING,
}
_CAUSES: Final = {
    "rim": "at the rim of the crawl",
    "not-found": "the vendor has no report",
    "private": "private, or without posts",
    "invalid-request": "the request was refused",
    "import": "the imported file does not tell",
    **IN_WORDS,
}
_ASKED_FOR_LESS: Final = {
    CUT: "asked: of what it lists, the first accounts are drawn",
    RING: "asked: of what it lists, the accounts that are here are drawn",
}
_STATES: Final = {
    ReportState.READY.value: "ready",
    ReportState.READY_LOW_CONFIDENCE.value: "ready, low confidence",
    ReportState.NOT_READY.value: "not ready",
    ReportState.PRIVATE.value: "private",
    ReportState.DELETED.value: "deleted",
    ReportState.RESTRICTED.value: "restricted",
    ReportState.LOW_VIEWS.value: "low views",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the map.

    Attributes
    ----------
    title : str
        What was crawled: ``nasa on instagram, depth 2``.
    sentence : str
        What is there and what is missing.
    """

    title: str
    sentence: str


def describe(
    graph: ConnectionGraph,
    *,
    seeds: Sequence[str],
    rate: float | None,
    depth: int | None = None,
) -> Heading:
    """Say what a map shows and what it cannot show.

    Parameters
    ----------
    graph : ConnectionGraph
    seeds : sequence of str
        The crawl's seeds as ``network:name``; empty for a whole database.
    rate : float or None
        Requests a minute, to tell how long asking the rim takes; None or 0 leaves that out.
    depth : int or None
        The crawl's; None tells the deepest that was found.

    Returns
    -------
    Heading
    """
    depths = [node.depth for node in graph.nodes if node.depth is not None]
    title = _named(seeds, _usernames(graph.nodes)) if seeds else "All stored accounts"
    if seeds and depths:
        title = f"{title}, depth {max(depths) if depth is None else depth}"
    networks = len({node.network for node in graph.nodes})
    there = f"{plural(len(graph.nodes), 'account')} on {plural(networks, 'network')}"
    missing = _missing(graph.nodes, rate, _EVERYTHING[graph.origin])
    return Heading(title, "; ".join([there, *missing]))


def _usernames(nodes: Iterable[Node]) -> dict[tuple[str, str], str]:
    """Return what to call a seed that was given by its ID."""
    return {
        (node.network, node.social_id): node.username or node.title or node.social_id
        for node in nodes
        if node.depth == 0 and node.social_id
    }


def _named(seeds: Sequence[str], names: Mapping[tuple[str, str], str]) -> str:
    """Name the seeds: ``nasa and esa on instagram``, ``a on tiktok, b on twitch and 4 more``."""
    pairs = [_parted(seed, names) for seed in seeds[:_SHOWN_SEEDS]]
    networks = {network for network, _ in pairs}
    rest = len(seeds) - len(pairs)
    more = [f"{rest} more"] if rest else []
    if len(networks) == 1 and not rest:
        return f"{_listed([name for _, name in pairs])}{_on(pairs[0][0])}"
    return _listed([f"{name}{_on(network)}" for network, name in pairs] + more)


def _parted(seed: str, names: Mapping[tuple[str, str], str]) -> tuple[str, str]:
    network, _, name = seed.partition(":")
    if network not in NETWORKS:
        return "", readable(seed, _LONGEST_SEED)
    if name.startswith("id:"):
        name = names.get((network, name[3:]), name[3:])
    return network, readable(name, _LONGEST_SEED)


def _on(network: str) -> str:
    return f" on {network}" if network else ""


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _missing(nodes: Iterable[Node], rate: float | None, everything: str) -> list[str]:
    counts = Counter(_gap(node) for node in nodes)
    rim, waiting = counts["rim"], counts["waiting"]
    gaps = [
        (rim, f"{rim:,} on the rim {_were(rim)} not asked{_time(rim, rate)}"),
        (waiting, f"{waiting:,} still to be asked{_time(waiting, rate)}"),
        (counts["unasked"], f"{counts['unasked']:,} not asked"),
        *((counts[cause], f"{counts[cause]:,} not asked: {IN_WORDS[cause]}") for cause in IN_WORDS),
        (counts[CUT], f"of what {counts[CUT]:,} list, only the first accounts are here"),
        (counts[RING], f"{counts[RING]:,} on the rim list others that are not here"),
        (counts["failed"], f"{counts['failed']:,} failed"),
    ]
    said = [text for count, text in gaps if count]
    if not said:
        said.append(everything)
    if counts["not-found"]:
        said.append(f"{counts['not-found']:,} without a report")
    if counts["private"]:
        said.append(f"{counts['private']:,} private")
    return said


def _gap(node: Node) -> str:
    """Name what is missing of a node's connections, as the heading counts it."""
    standing = stands(node)
    if node.visit == "skipped" and node.cause in (None, "rim"):
        return "rim"
    if standing == Standing.FAILED and node.cause == "not-found":
        return "not-found"
    if standing in (Standing.ASKED, Standing.UNASKED) and node.cause in (CUT, RING, *IN_WORDS):
        return str(node.cause)
    return str(standing)


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _time(count: int, rate: float | None) -> str:
    return f" ({duration(count / rate * 60)} at {rate:g} a minute)" if rate and rate > 0 else ""


def stands(node: Node) -> Standing:
    """Return what is known of a node's own connections; an unknown visit counts as not asked."""
    if node.visit == "done":
        return Standing.ASKED
    if node.cause == "private" or node.state == ReportState.PRIVATE:
        return Standing.PRIVATE
    return _STANDING_OF_VISIT.get(node.visit or "", Standing.UNASKED)


def remark(node: Node) -> str:
    """Say in one line whether the node was asked, and why not."""
    standing = stands(node)
    if standing == Standing.PRIVATE and node.visit != "failed":
        return f"{STANDINGS[Standing.UNASKED]} (the report is private)"
    said = STANDINGS[Standing.FAILED] if standing == Standing.PRIVATE else STANDINGS[standing]
    if standing == Standing.ASKED or not node.cause:
        return _ASKED_FOR_LESS.get(node.cause or "", said)
    cause = _CAUSES.get(node.cause) or readable(node.cause.replace("-", " "), _LONGEST_SEED)
    return f"{said} ({cause})"


def report_state(node: Node) -> str:
    """Return the report's state in words; an undocumented one as it came."""
    if not node.state:
        return "not given"
    return _STATES.get(node.state) or readable(node.state, _LONGEST_SEED)


def readable(text: str, limit: int = LONGEST_TEXT) -> str:
    """Make foreign text one line that can be shown and encoded; it may still be markup.

    Characters that act instead of showing (controls, line breaks, lone surrogates, overrides of
    the writing direction) become spaces, and runs of space become one.

    Parameters
    ----------
    text : str
    limit : int
        Characters; a longer text is cut and ends with an ellipsis.
    """
    # A text far beyond the limit is cut first: it may be millions of characters.
    start = text[: 4 * limit + 16]
    if not start.isprintable():
        start = "".join(" " if is_unseen(sign) else sign for sign in start)
    line = " ".join(start.split())
    if len(line) <= limit and len(start) == len(text):
        return line
    # A joiner or a variation selector at the cut would change the ellipsis.
    return line[: limit - 1].rstrip(" \u200d\ufe0e\ufe0f") + ELLIPSIS
