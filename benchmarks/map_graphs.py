"""The graphs that maps are timed on: crawled from simulators into databases, or made in memory."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import graphcrawl
from graphcrawl.database import Database
from graphcrawl.graph import ConnectionGraph, Edge, Node
from graphcrawl.model import AccountRef, Certainty, Credentials, Network, Origin
from graphcrawl.runs import Access, CrawlOptions

NASA = "54971236771"
AT_HOME = 0.85
"""Share of an account's connections that stay within its community."""

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sample:
    """A graph to be crawled, and the counts that its crawl must give.

    Attributes
    ----------
    depth : int or None
        Hops that are crawled; None: all there is.
    """

    name: str
    accounts: int
    connections: int
    seed: str
    depth: int | None


SAMPLES = (
    Sample("500", 500, 1_700, "0", None),
    Sample("facebook", 3_977, 23_744, NASA, 2),
    Sample("10000", 10_000, 40_000, "0", None),
)


def database_of(sample: Sample, data: Path, folder: Path) -> Database:
    """Crawl a graph into a database, or take the one that an earlier run left in `folder`."""
    path = folder / f"{sample.name}.db"
    if not path.exists():
        with simulator(files(sample, data, folder)) as url:
            _crawl(sample, url, path)
    return graphcrawl.open(path)


def _crawl(sample: Sample, url: str, path: Path) -> None:
    # Under another name until it is whole: an interrupted run must leave nothing to be taken up.
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    record = (
        graphcrawl.open(partial)
        .crawl(
            [AccountRef("instagram", social_id=sample.seed)],
            Access(url, Credentials("bench", "bench"), None),
            CrawlOptions(depth=sample.depth, rate=0),
        )
        .record
    )
    found = (record.accounts, record.connections)
    if found != (sample.accounts, sample.connections):
        raise SystemExit(f"the crawl of {sample.name} found {found}, not what it should")
    partial.rename(path)


def files(sample: Sample, data: Path, folder: Path) -> Sequence[str]:
    """Give the simulator's options for a graph; one that is not real is written first."""
    if sample.name == "facebook":
        return page_graph(data)
    nodes, edges = folder / f"{sample.name}-nodes.csv", folder / f"{sample.name}-edges.csv"
    pairs = connections(sample.accounts, sample.connections)
    _write(nodes, ("id", "username", "title", "network", "subscribers"), accounts(sample.accounts))
    _write(edges, ("source", "target"), pairs)
    return ("--nodes", str(nodes), "--edges", str(edges))


def page_graph(data: Path) -> Sequence[str]:
    """Give the simulator's options for the whole Facebook page graph."""
    return [
        *("--nodes", str(data / "nodes.csv.gz"), "--id", "page_id", "--title", "page_name"),
        *("--edges", str(data / "edges.csv.gz"), "--source", "page_id_1", "--target", "page_id_2"),
        "--undirected",
    ]


def _write(file: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([header, *rows])


@contextmanager
def simulator(options: Sequence[str]) -> Iterator[str]:
    """Serve a graph from a process of its own; give its address."""
    command = [sys.executable, "-m", "graphcrawl", "simulator", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split(" at ")[1].split()[0]
        finally:
            process.terminate()


def accounts(count: int) -> list[tuple[str, str, str, str, int]]:
    """Invent accounts: ID, username, title, network, followers over six powers of ten."""
    lot = random.Random(count)
    networks = [network.value for network in Network]
    return [
        (
            str(at),
            f"invented.{at}",
            f"Invented account {at}",
            networks[at % len(networks)],
            int(10 ** (2 + 6 * lot.random() ** 3)),
        )
        for at in range(count)
    ]


def connections(count: int, wanted: int) -> list[Pair]:
    """Connect accounts in communities of power-law size, each with hubs of its own.

    Every account but the first is listed by an earlier one, so that a crawl from the first finds
    all; no two list each other, so that each connection is a line.

    Parameters
    ----------
    count : int
        Accounts.
    wanted : int
        Connections, at least `count` less one.
    """
    lot = random.Random(count)
    homes = _homes(count, lot)
    pairs = {(_parent(at, homes[at], lot), at) for at in range(1, count)}
    while len(pairs) < wanted:
        source = lot.randrange(count)
        start, size = homes[source if lot.random() < AT_HOME else lot.randrange(count)]
        target = _popular(start, size, lot)
        if source != target and (target, source) not in pairs:
            pairs.add((source, target))
    return sorted(pairs)


def _homes(count: int, lot: random.Random) -> list[Pair]:
    """Return each account's community, as the first of it and how many it has."""
    homes: list[Pair] = []
    while len(homes) < count:
        size = min(int(12 * lot.paretovariate(0.9)), count // 6, count - len(homes))
        homes += [(len(homes), size)] * size
    return homes


def _parent(at: int, home: Pair, lot: random.Random) -> int:
    start, _ = home
    return lot.randrange(at) if at == start else _popular(start, at - start, lot)


def _popular(start: int, size: int, lot: random.Random) -> int:
    return start + int(size * lot.random() ** 2.5)


def in_memory(count: int, wanted: int) -> ConnectionGraph:
    """Give the graph that a crawl of as many invented accounts would give, without crawling."""
    rows = accounts(count)
    nodes = (
        Node(int(at), network, at, username, title, followers, 1.0, "READY", None, "done")
        for at, username, title, network, followers in rows
    )
    edges = (Edge(*ends, 0, Certainty.ONE_WAY) for ends in connections(count, wanted))
    return ConnectionGraph(tuple(nodes), tuple(edges), Origin.SIMULATED)
