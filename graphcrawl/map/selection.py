"""Choosing what is drawn: the accounts that filters leave, and those that matter most.

Pure: a graph comes in, a smaller one goes out, and the sentence that says what is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from graphcrawl.graph import ConnectionGraph, Node
from graphcrawl.graph.conditions import chosen, kept_of
from graphcrawl.graph.own import Own
from graphcrawl.map.options import MapOptions
from graphcrawl.model import Certainty
from graphcrawl.wording import plural

MOST_ACCOUNTS: Final = 10_000
MOST_LINES: Final = 100_000
"""What a page opens with, unless more is asked for: a browser that draws in software still shows
it within two seconds and pans it at 25 frames a second."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a graph is drawn, and the sentences that say what is not."""

    graph: ConnectionGraph
    left_out: tuple[str, ...]


def select(graph: ConnectionGraph, options: MapOptions, own: Own | None = None) -> Selection:
    """Choose what is drawn of a graph.

    Parameters
    ----------
    graph : ConnectionGraph
    options : MapOptions
    own : Own or None
        What users added to the accounts; None: nothing.

    Returns
    -------
    Selection
        Its graph is empty where no account fulfils the filters.
    """
    filtered = chosen(graph, options.filters, own or Own())
    if options.max_nodes is None:
        drawn = foremost(filtered, MOST_ACCOUNTS, lines=MOST_LINES)
    else:
        drawn = foremost(filtered, options.max_nodes)
    return Selection(drawn, _left_out(graph, filtered, drawn, options))


def foremost(graph: ConnectionGraph, most: int, *, lines: int | None = None) -> ConnectionGraph:
    """Keep the seeds and the accounts that matter most, each with its way from a seed.

    Those with more connections come first, then those with more followers. An account whose
    shortest way from a seed no longer fits is passed over, so that nothing is drawn whose
    presence the page could not explain.

    Parameters
    ----------
    graph : ConnectionGraph
    most : int
        Accounts to keep; more only where there are more seeds.
    lines : int or None
        Lines to keep at most, but for those between seeds; a mutual pair is one.
    """
    if len(graph.nodes) <= most and (lines is None or len(graph.edges) <= lines):
        return graph
    seeds = [node.id for node in graph.nodes if node.depth == 0]
    kept = dict.fromkeys(seeds)
    before = _predecessors(graph, seeds)
    for node in _ranked(graph):
        # Backwards, so that whatever is cut off later, each account has its way before it.
        way = _way(node.id, before, kept)[::-1]
        if len(kept) + len(way) <= most:
            kept.update(dict.fromkeys(way))
        if len(kept) >= most:
            break
    fitting = list(kept) if lines is None else _with_lines(graph, list(kept), lines, len(seeds))
    return kept_of(graph, set(fitting))


def _with_lines(
    graph: ConnectionGraph, ranked: Sequence[int], most: int, least: int
) -> Sequence[int]:
    """Keep as many of the first accounts as have no more lines between them."""
    rank = {node: at for at, node in enumerate(ranked)}
    outside = len(ranked)
    later = Counter(
        max(rank.get(edge.source, outside), rank.get(edge.target, outside))
        for edge in graph.edges
        if edge.certainty != Certainty.MUTUAL or edge.source < edge.target
    )
    totals = accumulate(later[at] for at in range(len(ranked)))
    return ranked[: max(least, sum(total <= most for total in totals))]


def _ranked(graph: ConnectionGraph) -> list[Node]:
    ties = Counter(end for edge in graph.edges for end in (edge.source, edge.target))
    return sorted(graph.nodes, key=lambda node: (-ties[node.id], -(node.subscribers_count or 0)))


def _predecessors(graph: ConnectionGraph, seeds: Iterable[int]) -> dict[int, int]:
    """Return, for each account that a seed leads to, the one before it on a shortest way."""
    lists: dict[int, list[int]] = {}
    for edge in graph.edges:
        lists.setdefault(edge.source, []).append(edge.target)
    waiting = sorted(seeds)
    before = dict.fromkeys(waiting, -1)
    for source in waiting:
        for target in lists.get(source, ()):
            if target not in before:
                before[target] = source
                waiting.append(target)
    return before


def _way(node: int, before: Mapping[int, int], kept: Mapping[int, None]) -> list[int]:
    way = []
    while node not in kept and node != -1:
        way.append(node)
        node = before.get(node, -1)
    return way


def _left_out(
    whole: ConnectionGraph,
    filtered: ConnectionGraph,
    drawn: ConnectionGraph,
    options: MapOptions,
) -> tuple[str, ...]:
    """Say what a page does not draw, and how to get it."""
    said = []
    if len(filtered.nodes) < len(whole.nodes):
        gone = len(whole.nodes) - len(filtered.nodes)
        words = " and ".join(map(str, options.filters))
        said.append(f"Only accounts with {words} are drawn; {plural(gone, 'other')} left out.")
    if len(drawn.nodes) < len(filtered.nodes):
        gone = len(filtered.nodes) - len(drawn.nodes)
        command = "graphcrawl map " if options.max_nodes is None else ""
        said.append(
            "Only the seeds and the accounts with the most connections are drawn;"
            f" {plural(gone, 'other')} left out"
            f" ({command}--max-nodes {len(filtered.nodes)} draws all)."
        )
    return tuple(said)
