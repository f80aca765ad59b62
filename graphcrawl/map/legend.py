"""The legend: what the signs mean, how often each occurs, and what of it can be hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from graphcrawl.graph.contraction import CREATOR
from graphcrawl.map.groups import COLOURED
from graphcrawl.map.marks import OTHER, OTHER_SHAPE, SHAPES, Mark
from graphcrawl.map.scene import Scene
from graphcrawl.map.words import CERTAINTIES, STANDINGS, Standing
from graphcrawl.model import Certainty
from graphcrawl.wording import people_count, plural

_Kind = TypeVar("_Kind", Standing, Certainty)

_KINDS: Final = {
    CREATOR: ("creator: accounts of one owner", "creators"),
    OTHER: ("another network", "another network"),
}
_THRESHOLDS: Final = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend.

    Attributes
    ----------
    value : str
        What the page's script compares; for depths and states it is what it reads of a mark.
    text : str
        What it means.
    said : str
        The same briefly, for the sentence that says what is hidden.
    count : str
        How often it occurs, as people read it.
    shape : str
        For networks: vis-network's name of it. For shades: the colour's name in the style sheet.
    """

    value: str
    text: str
    said: str
    count: str
    shape: str = "dot"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A least number of followers, and how many accounts have it."""

    least: int
    text: str
    count: str


@dataclass(frozen=True, slots=True)
class Legend:
    """Everything the legend holds; what would not tell two accounts apart is left out."""

    clusters: tuple[Entry, ...]
    networks: tuple[Entry, ...]
    standings: tuple[Entry, ...]
    lines: tuple[Entry, ...]
    depths: tuple[Entry, ...]
    states: tuple[Entry, ...]
    followers: tuple[Threshold, ...]
    seeds: int
    fates: tuple[Entry, ...] = ()
    tie_fates: tuple[Entry, ...] = ()
    shades: tuple[Entry, ...] = ()


def explain(scene: Scene) -> Legend:
    """Make the legend of what a scene draws."""
    marks = scene.marks
    return Legend(
        clusters=_clusters(scene),
        networks=_networks(marks),
        standings=_standings(marks),
        lines=_certainties(scene),
        depths=_depths(marks),
        states=_states(marks),
        followers=_followers(marks),
        seeds=sum(mark.seed for mark in marks),
        shades=_shades(scene),
    )


def _clusters(scene: Scene) -> tuple[Entry, ...]:
    """Give the largest clusters, then all others as one, and what is in none."""
    first, others = scene.clusters[:COLOURED], scene.clusters[COLOURED:]
    entries = [
        Entry(str(one.number), one.name, f"cluster {one.number}", f"{len(one.members):,}")
        for one in first
    ]
    few = sum(len(one.members) for one in others)
    none = sum(mark.cluster is None for mark in scene.marks)
    rest = (
        ("others", f"{plural(len(others), 'smaller cluster')}", few),
        ("none", "in no cluster", none),
    )
    entries += [Entry(value, text, text, f"{count:,}", "") for value, text, count in rest if count]
    return _telling(entries)


def _shades(scene: Scene) -> tuple[Entry, ...]:
    """Give what colours tell of a column; the accounts without a value come last."""
    if scene.shading is None:
        return ()
    counts = Counter(mark.shade for mark in scene.marks)
    shading = scene.shading
    entries = [
        Entry(str(at), one.text, f"{shading.column} {one.text}", f"{counts[at]:,}", one.hue)
        for at, one in enumerate(shading.shades)
        if counts[at]
    ]
    if counts[None]:
        said = f"{shading.column}: {shading.none}"
        entries.append(Entry("none", shading.none, said, f"{counts[None]:,}", ""))
    return tuple(entries)


def _networks(marks: Iterable[Mark]) -> tuple[Entry, ...]:
    counts = Counter(mark.kind for mark in marks)
    shapes = {CREATOR: CREATOR, **SHAPES, OTHER: OTHER_SHAPE}
    return tuple(
        Entry(kind, *_KINDS.get(kind, (kind, kind)), f"{counts[kind]:,}", shape)
        for kind, shape in shapes.items()
        if counts[kind]
    )


def _standings(marks: Iterable[Mark]) -> tuple[Entry, ...]:
    counts = Counter(mark.standing for mark in marks)
    return _worded(STANDINGS, counts, tuple(Standing))


def _certainties(scene: Scene) -> tuple[Entry, ...]:
    counts = Counter(line.certainty for line in scene.lines)
    return _worded(CERTAINTIES, counts, tuple(Certainty))


def _worded(
    words: Mapping[_Kind, str], counts: Counter[_Kind], order: Iterable[_Kind]
) -> tuple[Entry, ...]:
    return tuple(
        Entry(kind.value, words[kind], words[kind].partition(":")[0], f"{counts[kind]:,}")
        for kind in order
        if counts[kind]
    )


def _depths(marks: Iterable[Mark]) -> tuple[Entry, ...]:
    counts = Counter(mark.depth for mark in marks)
    order = sorted(counts, key=lambda depth: (depth is None, depth or 0))
    entries = (
        Entry(
            "none" if depth is None else str(depth),
            "in no crawl" if depth is None else f"depth {depth}",
            "in no crawl" if depth is None else f"depth {depth}",
            f"{counts[depth]:,}",
        )
        for depth in order
    )
    return _telling(entries)


def _states(marks: Iterable[Mark]) -> tuple[Entry, ...]:
    counts = Counter(mark.state for mark in marks)
    order = sorted(counts, key=lambda state: (-counts[state], state))
    return _telling(
        Entry(state, f"report {state}", f"report {state}", f"{counts[state]:,}") for state in order
    )


def _telling(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    found = tuple(entries)
    return found if len(found) > 1 else ()


def _followers(marks: Iterable[Mark]) -> tuple[Threshold, ...]:
    known = [mark.count for mark in marks if mark.count is not None]
    counts = {least: sum(count >= least for count in known) for least in _THRESHOLDS}
    return tuple(
        Threshold(least, people_count(least), f"{count:,}")
        for least, count in counts.items()
        if count
    )
