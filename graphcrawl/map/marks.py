"""Accounts as marks and connections as lines: where each lies, and what is told of it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from graphcrawl.addresses import parse_account, profile_url
from graphcrawl.errors import AccountTextError
from graphcrawl.graph import ConnectionGraph, Node
from graphcrawl.graph.contraction import CREATOR
from graphcrawl.map.added import Added
from graphcrawl.map.options import Size
from graphcrawl.map.words import Standing, readable, remark, report_state, stands
from graphcrawl.model import NETWORKS, AccountRef, Certainty, Network, Origin
from graphcrawl.wording import people_count

SHAPES: Final[Mapping[str, str]] = {
    Network.INSTAGRAM.value: "dot",
    Network.YOUTUBE.value: "triangle",
    Network.TWITTER.value: "diamond",
    Network.TIKTOK.value: "square",
    Network.TWITCH.value: "hexagon",
    Network.SNAPCHAT.value: "star",
}
"""vis-network's shape for each network, so that colour is never the only sign."""

OTHER: Final = "other"
OTHER_SHAPE: Final = "triangleDown"

# vis-network's size is half a side, half a diagonal or a radius: these make equal areas.
_EVEN_AREA: Final = {
    "dot": 1.0,
    "triangle": 1.17,
    "triangleDown": 1.17,
    "diamond": 1.25,
    "square": 0.89,
    "hexagon": 1.1,
    "star": 1.3,
}

ALL_LABELLED: Final = 150
"""Up to this many accounts each gets room for its own label."""

_FEWEST, _MOST = 2.0, 8.5  # powers of ten of followers between which the area grows
_LONGEST_NAME: Final = 100
_PLAIN_WORD: Final = re.compile(r"[A-Za-z0-9_.:-]+")


class Telling(IntEnum):
    """What an account's label has to tell, where a hull around it already tells the rest."""

    ALL = 0
    HANDLE = 1
    COUNT = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """One account, or a creator, as it is drawn and told.

    Attributes
    ----------
    id : int
        The node's key.
    x, y, radius : float
        Map units; `radius` is that of a disc of the mark's area.
    kind : str
        The network's name, ``other``, or ``creator``: what colour and shape follow.
    size : float
        `radius` as vis-network wants it for this shape.
    name, username, network, state, remark : str
        Foreign text, made one line and bounded; still markup to be escaped.
    followers : str
        As people read it; a question mark where nobody knows.
    count : int or None
        The same as a number.
    er : float or None
        Engagement rate in percent.
    cluster, owner : int or None
        Indices of the scene's clusters and owners; a creator's own is an index of those that
        the view by account has.
    added : Added or None
        What users added to it, if anything.
    shade : int or None
        Its index among the scene's shades, where there are any and its value is given.
    telling : Telling
        What its label has to tell while the name of its hull is to be seen.
    fate : str or None
        On a map of two days, a value of `graphcrawl.map.changes.Fate`.
    values : tuple of (str, str, str), or None
        There, what of it is called otherwise now: name, before, after; still markup.
    ask : str or None
        Whether `graphcrawl seed` finds this account by ``name`` or by ``id``; None for one that
        was asked, and where no command line can hold either safely.
    """

    id: int
    x: float
    y: float
    radius: float
    size: float
    kind: str
    shape: str
    standing: Standing
    seed: bool
    name: str
    username: str
    network: str
    followers: str
    state: str
    remark: str
    depth: int | None
    url: str | None
    count: int | None
    er: float | None
    social_id: str
    ask: str | None
    cluster: int | None = None
    owner: int | None = None
    added: Added | None = None
    shade: int | None = None
    telling: Telling = Telling.ALL
    fate: str | None = None
    values: tuple[tuple[str, str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One connection, or two that answer each other; both ends are indices of marks.

    `fate` is as a mark's.
    """

    source: int
    target: int
    certainty: Certainty
    fate: str | None = None


def shares(graph: ConnectionGraph, size: Size) -> list[float]:
    """Return each node's place between the smallest and the largest area, from 0 to 1."""
    if size == Size.DEGREE:
        ties = Counter(end for edge in graph.edges for end in (edge.source, edge.target))
        most = max(ties.values(), default=1)
        return [ties[node.id] / most for node in graph.nodes]
    # Followers span eight powers of ten.
    powers = (math.log10(max(node.subscribers_count or 0, 1)) for node in graph.nodes)
    return [min(max((power - _FEWEST) / (_MOST - _FEWEST), 0.0), 1.0) for power in powers]


def radius_of(share: float, *, labelled: bool) -> float:
    """Return a mark's radius in map units for its share of the way from the smallest area."""
    least, most = (9.0, 27.0) if labelled else (4.5, 16.0)
    return round(math.sqrt(least * least + share * (most * most - least * least)), 2)


def mark_of(node: Node, point: tuple[float, float], radius: float, origin: Origin) -> Mark:
    """Make an account's mark.

    Parameters
    ----------
    node : Node
    point : (float, float)
        Map units.
    radius : float
        As `radius_of` returns it.
    origin : Origin
        Only the vendor's accounts are sure to have a profile on their networks.
    """
    kind = node.network if node.network in SHAPES else OTHER
    shape = SHAPES.get(kind, OTHER_SHAPE)
    username = readable(node.username or "", _LONGEST_NAME)
    return Mark(
        id=node.id,
        x=point[0],
        y=point[1],
        radius=radius,
        size=round(radius * _EVEN_AREA[shape], 2),
        kind=kind,
        shape=shape,
        standing=stands(node),
        seed=node.depth == 0,
        name=name_of(node),
        username=username,
        network=readable(node.network, _LONGEST_NAME),
        followers=people_count(node.subscribers_count),
        state=report_state(node),
        remark=remark(node),
        depth=node.depth,
        # Made up names, and a file's own numbers: their profiles would be strangers'.
        url=profile_url(node.network, node.username, node.social_id)
        if origin is Origin.VENDOR
        else None,
        count=node.subscribers_count,
        er=node.er if node.er is not None and math.isfinite(node.er) else None,
        social_id=readable(node.social_id or "", _LONGEST_NAME),
        ask=None
        if stands(node) == Standing.ASKED or origin is Origin.IMPORTED
        else _how_to_ask(node),
    )


def _how_to_ask(node: Node) -> str | None:
    """Return what names this account on any shell's command line as it stands: name or ID."""
    if node.network not in NETWORKS:
        return None
    named = ("name", AccountRef(node.network, username=node.username)) if node.username else None
    numbered = (
        ("id", AccountRef(node.network, social_id=node.social_id)) if node.social_id else None
    )
    return next((how for how, ref in filter(None, (named, numbered)) if _reads_back(ref)), None)


def argument_for(node: Node) -> str | None:
    """Return what names an account on any shell's command line; None if nothing safely does."""
    how = _how_to_ask(node)
    if how is None:
        return None
    return f"{node.network}:{node.username if how == 'name' else f'id:{node.social_id}'}"


def _reads_back(ref: AccountRef) -> bool:
    text = str(ref)
    if len(text) > _LONGEST_NAME or not _PLAIN_WORD.fullmatch(text):
        return False
    try:
        return parse_account(text) == ref
    except AccountTextError:
        return False


def label_of(node: Node, telling: Telling) -> tuple[str, ...]:
    """Return the lines of an account's label, as the page writes them."""
    handle = f"@{readable(node.username, _LONGEST_NAME)}" if node.username else ""
    # The page writes there on how many networks a creator is.
    handle = "6 networks  sum" if node.network == CREATOR else handle
    count = people_count(node.subscribers_count) if node.subscribers_count is not None else ""
    lines = {
        Telling.ALL: (name_of(node), "  ".join(filter(None, (handle, count)))),
        Telling.HANDLE: (handle, count),
        Telling.COUNT: (count or "?",),
    }
    return tuple(filter(None, lines[telling]))


def name_of(node: Node) -> str:
    """Return what an account is called: its title, else its username, else its ID."""
    title = readable(node.title or "") or readable(node.username or "", _LONGEST_NAME)
    if title:
        return title
    return f"id {readable(node.social_id, _LONGEST_NAME)}" if node.social_id else "no name"


def lines_of(graph: ConnectionGraph) -> Iterable[Line]:
    """Yield each edge as a line, the two of a mutual pair as one."""
    index = {node.id: at for at, node in enumerate(graph.nodes)}
    drawn: set[tuple[int, int]] = set()
    for edge in graph.edges:
        ends = index[edge.source], index[edge.target]
        if edge.certainty == Certainty.MUTUAL:
            pair = min(ends), max(ends)
            if pair in drawn:
                continue
            drawn.add(pair)
        yield Line(*ends, edge.certainty)
