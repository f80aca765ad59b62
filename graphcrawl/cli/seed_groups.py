"""How the seeds of a crawl hang together: a few lines for people, all of it for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from graphcrawl.model import Certainty
from graphcrawl.wording import plural

if TYPE_CHECKING:
    from graphcrawl.graph import Node, SeedTies
    from graphcrawl.graph.seeds import SeedConnection

SHOWN: Final = 3
"""Of each kind, for people."""

Line = tuple[str, str]
"""What a line is about, and what it says."""


def seed_lines(ties: SeedTies, *, whole: bool, more: str) -> list[Line]:
    """Say how seeds hang together, the largest few of each kind.

    Parameters
    ----------
    ties : SeedTies
    whole : bool
        Whether every account of the crawl answered; otherwise more may hang together than is
        known.
    more : str
        The command that tells all of it.

    Returns
    -------
    list of (str, str)
        Empty for fewer than two seeds; not yet fit for a terminal.
    """
    if len(ties.seeds) < 2:
        return []
    lines = [("seeds", _count(ties, whole=whole)), *_unanswered(ties)]
    kinds = {
        "group": _groups(ties),
        "owner": [f"{one.creator.name}: {_names(one.seeds)}" for one in ties.owners],
        "connected": [_connection(one) for one in ties.connections],
        "shared": [f"{one.account} is listed by {_names(one.seeds)}" for one in ties.shared],
    }
    for kind, said in kinds.items():
        lines += [(kind, text) for text in said[:SHOWN]]
        if len(said) > SHOWN:
            lines.append(("", f"and {len(said) - SHOWN:,} more: {more}"))
    return lines


def seed_rows(ties: SeedTies) -> Iterator[tuple[str, object]]:
    """Give the whole of it, named, for programs."""
    yield (
        "seed_groups",
        [{"seeds": _texts(one.seeds), "accounts": one.accounts} for one in ties.groups],
    )
    yield (
        "seed_owners",
        [
            {
                "owner": one.creator.name,
                "confidence": one.creator.confidence.value,
                "seeds": _texts(one.seeds),
                "accounts": _texts([account.node for account in one.creator.accounts]),
            }
            for one in ties.owners
        ],
    )
    yield (
        "seed_connections",
        [
            {
                "source": str(one.source),
                "target": str(one.target),
                "certainty": one.certainty.value,
            }
            for one in ties.connections
        ],
    )
    yield (
        "seed_shared",
        [{"account": str(one.account), "seeds": _texts(one.seeds)} for one in ties.shared],
    )
    yield "seeds_unanswered", _texts(ties.unanswered)


def _texts(nodes: Sequence[Node]) -> list[str]:
    return list(map(str, nodes))


def _count(ties: SeedTies, *, whole: bool) -> str:
    known = "" if whole else " as far as was seen"
    if len(ties.groups) == 1:
        return f"all {len(ties.seeds):,} hang together in one group"
    sizes = ", ".join(f"{len(group.seeds):,}" for group in ties.groups[:SHOWN])
    more = ", ..." if len(ties.groups) > SHOWN else ""
    groups = plural(len(ties.groups), "separate group")
    return f"{len(ties.seeds):,} in {groups}{known}, of {sizes}{more}"


def _unanswered(ties: SeedTies) -> list[Line]:
    number = len(ties.unanswered)
    if not number:
        return []
    return [("", f"{plural(number, 'seed')} without an answer: whom they list is not known")]


def _groups(ties: SeedTies) -> list[str]:
    """Name the groups of several seeds, unless there is but one group."""
    if len(ties.groups) == 1:
        return []
    return [
        f"{_names(group.seeds)} ({plural(group.accounts, 'account')})"
        for group in ties.groups
        if len(group.seeds) > 1
    ]


def _connection(one: SeedConnection) -> str:
    source, target = str(one.source), str(one.target)
    if one.certainty is Certainty.MUTUAL:
        return f"{source} and {target} list each other"
    unknown = ", the way back is not known" if one.certainty is Certainty.UNKNOWN else ""
    return f"{source} lists {target}{unknown}"


def _names(nodes: Sequence[Node]) -> str:
    names = ", ".join(_texts(nodes[:SHOWN]))
    return names + (f" and {len(nodes) - SHOWN:,} more" if len(nodes) > SHOWN else "")
