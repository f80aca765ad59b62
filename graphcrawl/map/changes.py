"""A map of two days: the graph of both, and what of it was gained, lost or changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final

from graphcrawl.graph.difference import (
    UNKNOWN,
    Alteration,
    Change,
    Difference,
    Kind,
    pair_changes,
    told,
)
from graphcrawl.map.legend import Entry, Legend
from graphcrawl.map.marks import Line, Mark
from graphcrawl.map.scene import Scene
from graphcrawl.map.words import Heading, readable

UNASKED: Final = "what one side did not ask is not compared"


class Fate(StrEnum):
    """What became of an account or a connection from the one side to the other."""

    GAINED = "gained"
    LOST = "lost"
    CHANGED = "changed"
    UNKNOWN = "not-known"
    SAME = "same"


FATES: Final = {
    Fate.GAINED: "gained: listed now, and by nobody before",
    Fate.LOST: "lost: listed before, and by nobody now",
    Fate.CHANGED: "changed: another username, title or state",
    Fate.UNKNOWN: "not compared: only one side knows it",
    Fate.SAME: "as it was, but for followers",
}
"""One line for each fate of an account, for the legend and for what is said of one."""

TIE_FATES: Final = {
    Fate.GAINED: "gained connection",
    Fate.LOST: "lost connection",
    Fate.CHANGED: "changed connection: mutual now, or no longer",
    Fate.UNKNOWN: "connection not compared: only one side asked",
    Fate.SAME: "connection as it was",
}

_FATE: Final[Mapping[Change | None, Fate]] = {
    Change.GAINED: Fate.GAINED,
    Change.LOST: Fate.LOST,
    Change.CHANGED: Fate.CHANGED,
    Change.UNKNOWN_BEFORE: Fate.UNKNOWN,
    Change.UNKNOWN_AFTER: Fate.UNKNOWN,
    None: Fate.SAME,
}
# Nearly every account's followers change: as a change of its own that would say nothing.
_TOLD_ONLY: Final = (Kind.FOLLOWERS, Kind.CONNECTION)


def heading_of(difference: Difference) -> Heading:
    """Say what a map of a difference shows, and what it cannot show."""
    sides, *counts = told(difference)
    if not any(difference.counts[kind, change] for kind in Kind for change in UNKNOWN):
        counts.append(UNASKED)
    return Heading(f"What changed {sides}", "; ".join(counts))


def with_changes(scene: Scene, difference: Difference) -> Scene:
    """Tell a scene's marks and lines what became of them.

    Parameters
    ----------
    scene : Scene
        Of `graphcrawl.graph.difference.united`, or a part of it.
    difference : Difference
    """
    rows: dict[int, list[Alteration]] = {}
    for one in difference.alterations:
        rows.setdefault(one.account.id, []).append(one)
    pairs = pair_changes(difference)
    marks = tuple(_changed(mark, rows.get(mark.id, ())) for mark in scene.marks)
    lines = tuple(_changed_line(line, marks, pairs) for line in scene.lines)
    return replace(scene, marks=marks, lines=lines)


def explain_changes(legend: Legend, scene: Scene) -> Legend:
    """Add what the signs of changes mean, and how often each occurs."""
    return replace(
        legend,
        fates=_entries(FATES, (mark.fate for mark in scene.marks)),
        tie_fates=_entries(TIE_FATES, (line.fate for line in scene.lines)),
    )


def _entries(words: Mapping[Fate, str], fates: Iterable[str | None]) -> tuple[Entry, ...]:
    counts = Counter(fates)
    return tuple(
        Entry(fate.value, text, text.partition(":")[0], f"{counts[fate.value]:,}")
        for fate, text in words.items()
        if counts[fate.value]
    )


def _changed(mark: Mark, rows: Iterable[Alteration]) -> Mark:
    rows = [one for one in rows if one.kind is not Kind.CONNECTION]
    kinds = {one.kind: one.change for one in rows if one.kind not in _TOLD_ONLY}
    change = kinds.get(Kind.ACCOUNT) or next(iter(kinds.values()), None)
    values = tuple(
        (one.kind.value.capitalize(), _shown(one.before), _shown(one.after))
        for one in rows
        if one.kind is not Kind.ACCOUNT
    )
    return replace(mark, fate=_FATE[change].value, values=values or None)


def _shown(value: str | int | None) -> str:
    return f"{value:,}" if isinstance(value, int) else readable(value or "")


def _changed_line(
    line: Line, marks: tuple[Mark, ...], pairs: Mapping[tuple[int, int], Change | None]
) -> Line:
    ends = marks[line.source].id, marks[line.target].id
    return replace(line, fate=_FATE[pairs.get(ends)].value)
