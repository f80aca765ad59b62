"""From a database to the page that shows it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from graphcrawl.errors import InputError, NothingFound
from graphcrawl.findings import difference_of, found_in, graph_of, own_of, record_of
from graphcrawl.graph import ConnectionGraph, Found, SeedTies, find_seed_ties
from graphcrawl.graph.conditions import refuse_unfit
from graphcrawl.graph.difference import united
from graphcrawl.graph.own import Own
from graphcrawl.map import (
    MOST_BYTES,
    By,
    Heading,
    MapOptions,
    Selection,
    by_importance,
    describe,
    draw,
    heading_of,
    left_out_sentence,
    select,
)
from graphcrawl.model import Thumbnail
from graphcrawl.moments import moment_name
from graphcrawl.runs import DEFAULT_RATE
from graphcrawl.store import CrawlRecord, Store, count_avatars, read_avatars

_LONGEST_NAME: Final = 60
_MOST_BYTES: Final = 200


def page_of(
    store: Store, crawl_id: int | None, options: MapOptions, *, at: datetime | None = None
) -> str:
    """Draw one crawl, or the whole database now or as it was known at a moment.

    Returns
    -------
    str
        HTML, to be written by `graphcrawl.map.write_page`.

    Raises
    ------
    InputError
        If both a crawl and a moment are given, or colours or filters are to tell of a column that
        is not there.
    NothingFound
        If there is no such crawl, no account, or none that fulfils the filters.
    StoreError
        If the database cannot be read.
    """
    return _page(store, graph_of(store, crawl_id, at=at), crawl_id, options, at=at).html


def page_and_ties_of(store: Store, crawl_id: int, options: MapOptions) -> tuple[str, SeedTies]:
    """Draw one crawl, and find how its seeds hang together, of one reading.

    What is raised is as for `page_of`.

    Returns
    -------
    str
        As `page_of` gives it.
    SeedTies
        As `graphcrawl.findings.seed_ties_of` does.
    """
    graph = graph_of(store, crawl_id)
    page = _page(store, graph, crawl_id, options)
    return page.html, find_seed_ties(graph, page.found.creators)


class _Page(NamedTuple):
    html: str
    found: Found


def _page(
    store: Store,
    graph: ConnectionGraph,
    crawl_id: int | None,
    options: MapOptions,
    *,
    at: datetime | None = None,
) -> _Page:
    own = own_of(store)
    selection = _selected(store, graph, options, own)
    pictures, unshown = pictures_of(store, selection.graph)
    found = found_in(store, graph, crawl_id)
    html = draw(
        selection.graph,
        heading=_heading(store, selection.graph, crawl_id, options, at),
        found=found,
        options=options,
        left_out=(*selection.left_out, *unshown),
        pictures=pictures,
        own=own,
    )
    return _Page(html, found)


def page_of_changes(
    store: Store, before: int | datetime, after: int | datetime, options: MapOptions
) -> str:
    """Draw what differs between two crawls, or the database at two moments, on the graph of both.

    What is returned and raised is as for `page_of`.

    Raises
    ------
    InputError
        If the map is to open by creator.
    """
    if options.by is By.CREATOR:
        raise InputError("--diff compares accounts: leave out --by creator")
    difference = difference_of(store, before, after)
    graph = united(difference)
    own = own_of(store)
    selection = _selected(store, graph, options, own)
    pictures, unshown = pictures_of(store, selection.graph)
    heading = heading_of(difference)
    return draw(
        selection.graph,
        heading=heading if options.title is None else replace(heading, title=options.title),
        found=found_in(store, graph, None),
        options=options,
        left_out=(*selection.left_out, *unshown),
        pictures=pictures,
        difference=difference,
        own=own,
    )


def pictures_of(
    store: Store, drawn: ConnectionGraph
) -> tuple[Mapping[int, Thumbnail], tuple[str, ...]]:
    """Give the pictures that a page shows, and the sentence about those that it does not."""
    wanted = by_importance(drawn)
    shown = read_avatars(store, wanted, most_bytes=MOST_BYTES)
    unshown = left_out_sentence(len(shown), count_avatars(store, wanted))
    return shown, (unshown,) if unshown else ()


def _selected(store: Store, graph: ConnectionGraph, options: MapOptions, own: Own) -> Selection:
    if not graph.nodes:
        raise NothingFound(f"{store.path} holds no account to draw; graphcrawl seed brings some")
    refuse_unfit(options.filters, own)
    selection = select(graph, options, own)
    if not selection.graph.nodes:
        words = " and ".join(map(str, options.filters))
        raise NothingFound(f"no account in {store.path} has {words}")
    return selection


def _heading(
    store: Store,
    drawn: ConnectionGraph,
    crawl_id: int | None,
    options: MapOptions,
    at: datetime | None,
) -> Heading:
    record = None if crawl_id is None else record_of(store, crawl_id)
    heading = describe(
        drawn,
        seeds=record.seeds if record else (),
        rate=_rate(record),
        depth=record.depth if record and not record.is_refresh else None,
    )
    if at is not None:
        heading = replace(heading, title=f"{heading.title}, as known on {moment_name(at)}")
    return heading if options.title is None else replace(heading, title=options.title)


def _rate(record: CrawlRecord | None) -> float | None:
    """Give the rate by which time is told; nobody is asked for what was imported."""
    if record is None or record.is_import:
        return None
    # A crawl without a rate was one of the simulator; the vendor's limit tells more.
    rate: float = record.settings.get("rate") or DEFAULT_RATE
    return rate


def map_name(seeds: Sequence[str], *, simulated: bool) -> str:
    """Give the file name of a crawl's map, made from its seeds.

    Whatever the seeds are called, the name stays within its folder.
    """
    first = seeds[0].replace(":id:", ":") if seeds else "all"
    plain = unicodedata.normalize("NFKC", first).casefold()
    words = re.sub(r"[^\w]+", "-", plain).strip("-_")[:_LONGEST_NAME]
    # File systems count bytes, and some letters have four.
    words = words.encode()[:_MOST_BYTES].decode(errors="ignore") or "map"
    more = f"-and-{len(seeds) - 1}-more" if len(seeds) > 1 else ""
    return f"{'demo-' if simulated else ''}{words}{more}.html"
