"""What was measured of maps, as tables and beside what is aimed at."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

OWN = "graphcrawl"
PYVIS = "pyvis defaults"

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
    frames : float or None
        A second, while panning; None: never shown.
    still : bool
        Whether what was shown at first stayed as it was.
    """

    made: float
    size: int
    shown: float | None
    frames: float | None
    still: bool


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
        f" {'of ours':>7} {'made, s':>17} {'MB':>5}  stays as shown"
    )
    for name, figures in table.items():
        its_shown, its_frames = [f.shown for f in figures], [f.frames for f in figures]
        print(
            f"{name:22} {spread(its_shown, 2):>19} {ratio(middle(its_shown), shown):>7}"
            f" {spread(its_frames, 1):>18} {ratio(middle(its_frames), frames):>7}"
            f" {spread([f.made for f in figures], 2):>17} {figures[0].size / 1e6:5.2f}"
            f"  {'yes' if all(f.still for f in figures) else 'no'}"
        )


def print_parts(parts: Mapping[str, Sequence[float]]) -> None:
    """Print what Python does, in seconds."""
    for name, seconds in parts.items():
        print(f"{name:56} {spread(seconds, 2):>18} s")


def print_aims(results: Results) -> None:
    """Print what is aimed at beside what was found."""
    for aim, found, reached in aims(results):
        print(f"{aim:56} {found:>8}  {'reached' if reached else 'MISSED'}")


def aims(results: Results) -> Iterator[tuple[str, str, bool]]:
    """Give each aim that was measured, what was found, and whether that is enough."""
    for name, seconds, frames in (("facebook", 1.5, 30), ("10000", 2.0, 25)):
        own = results.tables.get(name, {}).get(OWN)
        if own:
            shown, panned = middle([f.shown for f in own]), middle([f.frames for f in own])
            yield _at_most(f"{name}: shown in under {seconds} s", shown, seconds)
            yield _at_least(f"{name}: {frames} frames a second or more", panned, frames)
    small = results.tables.get("500", {})
    if OWN in small and PYVIS in small:
        mine, its = (middle([f.shown for f in small[name]]) for name in (OWN, PYVIS))
        times = None if mine is None or its is None else its / mine
        yield _at_least("500: shown at least 50 times sooner than pyvis's", times, 50)
    for name, limit in LIMITS.items():
        if name in results.parts:
            yield _at_most(f"{name}: under {limit} s", middle(results.parts[name]), limit)


WHOLE_COMMAND = "facebook: `graphcrawl map`, the whole command"
CLUSTERS = "facebook: clusters found anew, on the graph in memory"
MADE = "facebook: page and clusters, of one round"
LAYOUT = "layout of 50,000 accounts, 200,000 connections"
LIMITS: Mapping[str, float] = {MADE: 3.0, LAYOUT: 1.0}


def _at_most(aim: str, found: float | None, limit: float) -> tuple[str, str, bool]:
    return aim, _written(found), found is not None and found < limit


def _at_least(aim: str, found: float | None, limit: float) -> tuple[str, str, bool]:
    return aim, _written(found), found is not None and found >= limit


def _written(found: float | None) -> str:
    return "gave up" if found is None else f"{found:.2f}"
