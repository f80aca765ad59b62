"""Who matters in a database by some measure: the first accounts, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphcrawl.errors import InputError, NothingFound
from graphcrawl.findings.graphs import read_arrays
from graphcrawl.findings.membership import Membership, memberships
from graphcrawl.findings.own import own_of
from graphcrawl.graph import Node
from graphcrawl.graph.conditions import Filter
from graphcrawl.graph.measuring import COLUMN, LIMIT, Measure, MeasureOptions, measure_name
from graphcrawl.graph.own import Own
from graphcrawl.model import Origin
from graphcrawl.store import Store, look_around, read_listed

if TYPE_CHECKING:
    from graphcrawl.graph.arrays import GraphArrays, Whole
    from graphcrawl.graph.measures import Measured
    from graphcrawl.graph.measures.measured import Floats


@dataclass(frozen=True, slots=True)
class Ranked:
    """An account and its place.

    Attributes
    ----------
    rank : int
        From 1; equal values share the best of their ranks.
    node : Node
    tags : tuple of str
    membership : Membership or None
        Its cluster in the newest clustering that is stored of the crawl, or of the whole database;
        None where there is none, or it came later.
    value : int or float
    beside : mapping of str to number
        More of the same measure, by name, such as `error`: one standard error of a value that was
        sampled, 0 of an exact one. None where it is not known.
    """

    rank: int
    node: Node
    tags: tuple[str, ...]
    membership: Membership | None
    value: int | float
    beside: Mapping[str, int | float | None]


@dataclass(frozen=True, slots=True)
class Top:
    """The first accounts of a selection by one measure.

    Attributes
    ----------
    measure : str
        The measure's name, or that of the user's own column.
    is_own : bool
        Whether it is the user's own column.
    beside : tuple of str
        The names of what each account has beside its value.
    accounts : tuple of Ranked
        By rank; equal ones by (network, social_id).
    size : int
        How many accounts there are in the selection.
    asked : int
        How many of them were asked and answered: of the others, only those are known who list
        them.
    unknown : int
        How many are left out since their value is not known.
    sharing : int
        How many more, left out by the limit, share the rank of the last one.
    exactness : str
        How a sampled measure was taken; empty where values are exact.
    origin : Origin
    """

    measure: str
    is_own: bool
    beside: tuple[str, ...]
    accounts: tuple[Ranked, ...]
    size: int
    asked: int
    unknown: int
    sharing: int
    exactness: str
    origin: Origin

    @property
    def is_sampled(self) -> bool:
        """Whether values are estimates, each with its error."""
        return bool(self.exactness)

    @property
    def is_of_connections(self) -> bool:
        """Whether it depends on who was asked."""
        return not self.is_own and self.measure != Measure.SUBSCRIBERS


def top_of(
    store: Store,
    by: str,
    *,
    crawl_id: int | None = None,
    filters: Sequence[Filter] = (),
    limit: int = LIMIT,
    options: MeasureOptions | None = None,
) -> Top:
    """Rank the accounts of one crawl, or of the whole database; see `Database.top`.

    Raises
    ------
    InputError
        If there is no such measure, or options or limit cannot be used.
    NothingFound
        If there is no such crawl, no account, or none that fulfils the filters.
    StoreError
        If the database cannot be read.
    """
    from graphcrawl.graph.measures import measure, ranking

    options = options or MeasureOptions()
    if limit < 0:
        raise InputError(f"--limit {limit}: give 0 (all) or a positive number")
    name, own = _meant(store, by)
    options.check(name)
    arrays = _selected(store, crawl_id, filters)
    clusters = _clusters(store, arrays, crawl_id, filters) if name == Measure.BRIDGE else None
    measured = measure(arrays, name, options=options, clusters=clusters, own=own)
    places, ranks = ranking(measured)
    shown = slice(limit or None)
    return Top(
        measure=name.removeprefix(COLUMN),
        is_own=name.startswith(COLUMN),
        beside=tuple(measured.beside),
        accounts=_ranked(store, crawl_id, arrays, measured, places[shown], ranks[shown]),
        size=arrays.size,
        asked=int(arrays.asked.sum()),
        unknown=arrays.size - len(places),
        sharing=_sharing(ranks, limit),
        exactness=measured.exactness,
        origin=arrays.origin,
    )


def _meant(store: Store, by: str) -> tuple[str, Own]:
    """Find what is asked for; a user's own columns are read only where it is no measure."""
    try:
        return measure_name(by), Own()
    except InputError:
        own = own_of(store)
        return measure_name(by, own.columns), own


def _selected(store: Store, crawl_id: int | None, filters: Sequence[Filter]) -> GraphArrays:
    arrays = read_arrays(store, crawl_id, filters)
    if not arrays.size and not filters:
        raise NothingFound(f"{store.path} holds no account; graphcrawl seed brings some")
    if not arrays.size:
        raise NothingFound(f"no account in {store.path} has {' and '.join(map(str, filters))}")
    return arrays


def _clusters(
    store: Store, arrays: GraphArrays, crawl_id: int | None, filters: Sequence[Filter]
) -> Whole:
    """Give the selected accounts' clusters, found in all of the crawl or the database."""
    import numpy as np

    from graphcrawl.graph.measures import clusters_in

    whole = read_arrays(store, crawl_id) if filters else arrays
    return clusters_in(whole)[np.isin(whole.ids, arrays.ids)]


def _sharing(ranks: Whole, limit: int) -> int:
    """Count the accounts behind the limit that are as good as the last one before it."""
    if not 0 < limit < len(ranks):
        return 0
    return int((ranks[limit:] == ranks[limit - 1]).sum())


def _ranked(
    store: Store,
    crawl_id: int | None,
    arrays: GraphArrays,
    measured: Measured,
    places: Whole,
    ranks: Whole,
) -> tuple[Ranked, ...]:
    ids = arrays.ids[places].tolist()
    listed = {one.node.id: one for one in read_listed(store, ids, crawl_id)}
    with look_around(store, crawl_id) as around:
        clusters = memberships(around, ids)
    return tuple(
        Ranked(
            rank=rank,
            node=Node(*listed[key].node),
            tags=listed[key].tags,
            membership=clusters.get(key),
            value=measured.values[place].item(),
            beside={name: _number(held, place) for name, held in measured.beside.items()},
        )
        for key, place, rank in zip(ids, places.tolist(), ranks.tolist(), strict=True)
        # Another process may have made the account forgotten meanwhile.
        if key in listed
    )


def _number(values: Whole | Floats, place: int) -> int | float | None:
    value: int | float = values[place].item()
    return None if value != value else value
