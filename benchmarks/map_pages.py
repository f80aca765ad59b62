"""The pages that are timed: graphcrawl's own, pyvis's as it comes, sigma.js with our positions."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx
from map_report import OWN, PYVIS
from pyvis.network import Network

from graphcrawl.database import Database
from graphcrawl.graph import ConnectionGraph

CRAWL = 1
WIDTH = 1000
"""Pixels that a map is wide at the overview, about: sigma.js has sizes in those."""

COLOURS = ("#4e79a7", "#f28e2b", "#e15759", "#76b7b2", "#59a14f", "#edc948", "#b07aa1")

LOADED = "new Promise((done) => addEventListener('load', done))"
STABILIZED = """new Promise((done) => addEventListener('DOMContentLoaded',
    () => network.once('stabilizationIterationsDone', done)))"""
"""pyvis's page is behind a loading bar until then."""

ANYWHERE = "[900, 300]"
NO_NODE = """(() => {
    for (let x = 1200; x > 60; x -= 20) for (let y = 60; y < 560; y += 20) {
        const box = document.getElementById("mynetwork").getBoundingClientRect();
        if (network.getNodeAt({ x: x - box.x, y: y - box.y }) === undefined) return [x, y];
    }
})()"""
"""pyvis's page moves a node that is drawn by, and the view only elsewhere."""


@dataclass(frozen=True, slots=True)
class Made:
    """A page, and how long Python took to make its text, in seconds."""

    html: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Contestant:
    """A way to make a page of a crawl.

    Attributes
    ----------
    make : callable
        From database and graph to the page; what is not its own work stays outside its time.
    ready : str
        JavaScript, before the page's own: a promise of when its marks have been placed.
    spot : str
        JavaScript: where dragging moves the view, in pixels of the window.
    largest : int
        Accounts beyond which it is left out.
    rounds : int
        After so many it is left out.
    """

    make: Callable[[Database, ConnectionGraph], Made]
    ready: str = LOADED
    spot: str = ANYWHERE
    largest: int = sys.maxsize
    rounds: int = sys.maxsize


def own(database: Database, graph: ConnectionGraph) -> Made:
    """Make graphcrawl's page, from the database file on."""
    began = time.perf_counter()
    html = database.map(crawl_id=CRAWL).html
    return Made(html, time.perf_counter() - began)


def pyvis_defaults(database: Database, graph: ConnectionGraph) -> Made:
    """Make pyvis's page with its defaults, from a networkx graph on.

    vis-network stands in the file, so that only a style sheet is asked for and not had.
    """
    given = nx.Graph(ties(graph))
    began = time.perf_counter()
    network = Network(cdn_resources="in_line")
    network.from_nx(given)
    html: str = network.generate_html(notebook=False)
    return Made(html, time.perf_counter() - began)


def sigma(libraries: Path, settings: Mapping[str, bool]) -> Callable[..., Made]:
    """Return what makes a sigma.js page: the positions and sizes of our own page, in one file.

    Parameters
    ----------
    libraries : Path
        A node_modules folder with ``sigma`` and ``graphology`` in it.
    settings : mapping
        sigma.js's own.
    """
    parts = {
        "/*GRAPHOLOGY*/": libraries / "graphology" / "dist" / "graphology.umd.min.js",
        "/*SIGMA*/": libraries / "sigma" / "dist" / "sigma.min.js",
    }
    page = (Path(__file__).parent / "sigma_page.html").read_text(encoding="utf-8")
    for place, file in parts.items():
        page = page.replace(place, file.read_text(encoding="utf-8"))

    def make(database: Database, graph: ConnectionGraph) -> Made:
        placed = places(database.map(crawl_id=CRAWL).html)
        began = time.perf_counter()
        data = json.dumps({"nodes": placed, "edges": ties(graph), "settings": settings})
        return Made(page.replace("/*DATA*/", data), time.perf_counter() - began)

    return make


def ties(graph: ConnectionGraph) -> list[tuple[int, int]]:
    """Give each pair of accounts that are connected in any direction, once."""
    pairs = {(min(e.source, e.target), max(e.source, e.target)) for e in graph.edges}
    return sorted(pairs)


def places(html: str) -> list[dict[str, Any]]:
    """Read from our own page where sigma.js is to draw what, and how large at the overview."""
    found = re.search(r'id="graph-data">(.*?)</script>', html)
    assert found is not None
    nodes = json.loads(found[1])["nodes"]
    across = max(node["x"] for node in nodes) - min(node["x"] for node in nodes)
    kinds = sorted({node["kind"] for node in nodes})
    return [
        {
            "id": node["id"],
            "x": node["x"],
            "y": -node["y"],
            "size": node["size"] * WIDTH / across,
            "label": node["name"],
            "color": COLOURS[kinds.index(node["kind"]) % len(COLOURS)],
        }
        for node in nodes
    ]


def contestants(libraries: Path | None) -> dict[str, Contestant]:
    """Give all contestants by name; sigma.js only where it is there.

    Parameters
    ----------
    libraries : Path or None
        As for `sigma`.
    """
    entered = {
        OWN: Contestant(own),
        PYVIS: Contestant(pyvis_defaults, ready=STABILIZED, spot=NO_NODE, largest=500, rounds=1),
    }
    if libraries is not None:
        kept, hidden = {"hideEdgesOnMove": False}, {"hideEdgesOnMove": True}
        entered["sigma.js, edges kept"] = Contestant(sigma(libraries, kept))
        entered["sigma.js, edges hidden"] = Contestant(sigma(libraries, hidden))
    return entered
