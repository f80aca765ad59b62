"""What was measured of maps, as tables and beside what is aimed at."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

OWN = "graphcrawl"
PYVIS = "pyvis defaults"

GIVEN_UP = 60.0
"""Seconds after which a page that is not shown is left."""

Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One round of one contestant on one graph.

    Attributes
    ----------
    made : float
        Seconds that Python took.
    size : int
        Bytes.
    shown : float or None
        Seconds; None: given up.
    frames, dragged : float or None
        A second, as in `page_clock.Seen`; None: never shown.
    still : bool
        Whether what was shown at first stayed as it was.
    """

    made: float
    size: int
    shown: float | None
    frames: float | None
    dragged: float | None
    still: bool


WHOLE_COMMAND = "facebook: `graphcrawl map`, the whole command"
CLUSTERS = "facebook: clusters found anew, on the graph in memory"
MADE = "facebook: page and clusters"
LAYOUT = "layout of 50,000 accounts, 200,000 connections"
LIMITS: Mapping[str, float] = {MADE: 3.0, LAYOUT: 1.0}
"""Seconds."""

Table = Mapping[str, Sequence[Figure]]


@dataclass(frozen=True, slots=True)
class Results:
    """All of a run: a table for each graph by its name, and seconds of Python's parts alone."""

    tables: dict[str, Table] = field(default_factory=dict)
    parts: dict[str, list[float]] = field(default_factory=dict)


def spread(values: Values, digits: int) -> str:
    """Write median, least and most."""
    known = [value for value in values if value is not None]
    if len(known) < len(values) or not known:
        return "gave up"
    middle, low, high = statistics.median(known), min(known), max(known)
    return f"{middle:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def middle(values: Values) -> float | None:
    """Return the median; None where one of them was never reached."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if known and len(known) == len(values) else None


def ratio(its: float | None, ours: float | None) -> str:
    """Write one median as so many times the other."""
    return "-" if its is None or ours is None else f"{its / ours:.2f}"


def print_table(table: Table) -> None:
    """Print one graph's contestants: a line each."""
    own = table.get(OWN, ())
    shown, frames = middle([f.shown for f in own]), middle([f.frames for f in own])
    print(
        f"{'median (min-max)':22} {'shown, s':>19} {'of ours':>7} {'frames/s, panning':>18}"
        f" {'of ours':>7} {'dragged':>18} {'made, s':>17} {'MB':>5}  stays as shown"
    )
    for name, figures in table.items():
        its_shown, its_frames = [f.shown for f in figures], [f.frames for f in figures]
        print(
            f"{name:22} {spread(its_shown, 2):>19} {ratio(middle(its_shown), shown):>7}"
            f" {spread(its_frames, 1):>18} {ratio(middle(its_frames), frames):>7}"
            f" {spread([f.dragged for f in figures], 1):>18}"
            f" {spread([f.made for f in figures], 2):>17} {figures[0].size / 1e6:5.2f}"
            f"  {'yes' if all(f.still for f in figures) else 'no'}"
        )


def print_parts(parts: Mapping[str, Sequence[float]]) -> None:
    """Print what Python does, in seconds."""
    for name, seconds in parts.items():
        print(f"{name:56} {spread(seconds, 2):>18} s")


def print_aims(results: Results) -> None:
    """Print what is aimed at beside what was found."""
    for aim in aims(results):
        found = "gave up" if aim.found is None else f"{aim.found:.2f}"
        print(f"{aim.name:56} {found:>8}  {aim.limit:>12}  {'ok' if aim.reached else 'MISSED'}")


@dataclass(frozen=True, slots=True)
class Aim:
    """Something aimed at, what was found, and whether that is enough."""

    name: str
    found: float | None
    limit: str
    reached: bool


def aims(results: Results) -> Iterator[Aim]:
    """Give each aim that was measured."""
    for name, seconds, frames in (("facebook", 1.5, 30), ("10000", 2.0, 25)):
        own = results.tables.get(name, {}).get(OWN)
        if own:
            yield _under(f"{name}: shown, s", middle([f.shown for f in own]), seconds)
            yield _at_least(f"{name}: frames/s, panning", middle([f.frames for f in own]), frames)
            yield _at_least(f"{name}: frames/s, dragged", middle([f.dragged for f in own]), frames)
    small = results.tables.get("500", {})
    if OWN in small and PYVIS in small:
        mine, its = (middle([f.shown for f in small[name]]) for name in (OWN, PYVIS))
        # One that was given up would have taken longer than it was waited for.
        times = None if mine is None else (GIVEN_UP if its is None else its) / mine
        given_up = " (given up)" if its is None else ""
        yield _at_least(f"500: times sooner than pyvis's defaults{given_up}", times, 50)
    for name, limit in LIMITS.items():
        if name in results.parts:
            yield _under(f"{name}, s", middle(results.parts[name]), limit)


def _under(name: str, found: float | None, limit: float) -> Aim:
    return Aim(name, found, f"under {limit:g}", found is not None and found < limit)


def _at_least(name: str, found: float | None, limit: float) -> Aim:
    return Aim(name, found, f"{limit:g} or more", found is not None and found >= limit)
