"""Maps in a headless Chromium: graphcrawl's page, pyvis's defaults, and sigma.js 3.

The same graphs for all, in alternating rounds; each page is opened by a browser of its own, which
draws in software. Shown is the time from navigation to the first frame with all marks, read back
from the canvas. Frames a second are counted twice while the whole map is panned to and fro:
with a move in each, and, "dragged", as the browser's driver moves a mouse.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from map_graphs import SAMPLES, Sample, database_of, in_memory
from map_pages import CRAWL, Contestant, contestants
from map_report import (
    CLUSTERS,
    LAYOUT,
    MADE,
    WHOLE_COMMAND,
    Figure,
    Results,
    Table,
    print_aims,
    print_parts,
    print_table,
)
from page_clock import executable, watch
from playwright.sync_api import Playwright, sync_playwright

from graphcrawl.database import Database
from graphcrawl.graph import ConnectionGraph, Found
from graphcrawl.graph.communities import find_communities
from graphcrawl.map.city import build
from graphcrawl.map.groups import clusters_of

LAID_OUT = (50_000, 200_000)
"""Accounts and connections of the graph that is laid out and not drawn."""

PARTS = ("made", "layout")
MARK = 4.5
"""A mark's radius, as pages of this many accounts have it."""


def measure(
    playwright: Playwright,
    sample: Sample,
    database: Database,
    entered: Mapping[str, Contestant],
    options: argparse.Namespace,
) -> Table:
    """Let every contestant make and show one graph, round after round."""
    graph = database.graph(CRAWL)
    table: dict[str, list[Figure]] = {name: [] for name in entered}
    for at in range(options.rounds):
        for name, contestant in entered.items():
            if at < contestant.rounds:
                print(f"{sample.name}, round {at + 1}: {name}", file=sys.stderr)
                file = options.folder / f"{sample.name} {name}.html"
                table[name].append(seen(playwright, contestant, database, graph, file))
    return table


def seen(
    playwright: Playwright,
    contestant: Contestant,
    database: Database,
    graph: ConnectionGraph,
    file: Path,
) -> Figure:
    """Make a page, write it, and watch it."""
    made = contestant.make(database, graph)
    file.write_text(made.html, encoding="utf-8", newline="\n")
    picture = file.with_suffix(".png")
    there = watch(playwright, file, ready=contestant.ready, spot=contestant.spot, picture=picture)
    return Figure(
        made=made.seconds,
        size=file.stat().st_size,
        shown=there.shown,
        frames=there.frames,
        dragged=there.dragged,
        still=there.still,
    )


def timed(work: Callable[[], object]) -> float:
    """Do something once; return its seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def making(database: Database, folder: Path, rounds: int) -> dict[str, list[float]]:
    """Time what making a page of one graph takes in Python, without a browser."""
    graph = database.graph(CRAWL)
    parts: dict[str, list[float]] = {MADE: [], CLUSTERS: [], WHOLE_COMMAND: []}
    for _ in range(rounds):
        parts[CLUSTERS].append(timed(lambda: find_communities(graph)))
        parts[MADE].append(timed(lambda: database.map(crawl_id=CRAWL).html))
        parts[WHOLE_COMMAND].append(timed(lambda: command(database, folder)))
    return parts


def command(database: Database, folder: Path) -> None:
    """Draw a crawl as a user does, starting Python included."""
    arguments = ["map", "--db", str(database.path), "--crawl", str(CRAWL), "--force"]
    arguments += ["--output", str(folder / "command.html")]
    subprocess.run(
        [sys.executable, "-m", "graphcrawl", *arguments], check=True, capture_output=True
    )


def layout(rounds: int) -> list[float]:
    """Time the layout alone, of a graph whose communities are known."""
    graph = in_memory(*LAID_OUT)
    radii = [MARK] * len(graph.nodes)
    clusters = clusters_of(graph, Found(communities=find_communities(graph).communities))
    return [timed(lambda: build(graph, radii, clusters)) for _ in range(rounds)]


def run(options: argparse.Namespace, results: Results) -> None:
    """Measure what was asked for, and print each table as soon as it is there."""
    wanted = options.only or [*(sample.name for sample in SAMPLES), *PARTS]
    with sync_playwright() as playwright:
        print(machine(playwright))
        for sample in (sample for sample in SAMPLES if sample.name in wanted):
            database = database_of(sample, options.data, options.folder)
            entered = {
                name: contestant
                for name, contestant in contestants(options.sigma).items()
                if sample.accounts <= contestant.largest
            }
            results.tables[sample.name] = measure(playwright, sample, database, entered, options)
            print(f"\n{sample.accounts:,} accounts, {sample.connections:,} connections; {load()}")
            print_table(results.tables[sample.name])
    if "made" in wanted:
        sample = next(sample for sample in SAMPLES if sample.name == "facebook")
        database = database_of(sample, options.data, options.folder)
        results.parts.update(making(database, options.folder, options.rounds))
    if "layout" in wanted:
        results.parts[LAYOUT] = layout(options.rounds)


def machine(playwright: Playwright) -> str:
    """Say where this runs, and how busy it is there."""
    browser = playwright.chromium.launch(executable_path=executable(playwright))
    version = browser.version
    browser.close()
    python = platform.python_version()
    return f"{os.cpu_count()} cores, {load()}; Python {python}, Chromium {version}"


def load() -> str:
    """Say how many processes wanted a core in the last minute, this one's own included."""
    return f"load {os.getloadavg()[0]:.1f}"


def parsed() -> argparse.Namespace:
    """Read the command line."""
    names = [*(sample.name for sample in SAMPLES), *PARTS]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the page graph")
    parser.add_argument("--sigma", type=Path, help="node_modules that holds sigma and graphology")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=names, nargs="+", help="these graphs and parts alone")
    parser.add_argument("--folder", type=Path, help="keep graphs, pages and pictures there")
    options = parser.parse_args()
    if options.sigma and not all(
        (options.sigma / name).is_dir() for name in ("sigma", "graphology")
    ):
        parser.error(f"{options.sigma} holds no sigma and graphology; npm install them there")
    return options


def main() -> None:
    """Measure, and print tables and aims."""
    options = parsed()
    results = Results()
    with tempfile.TemporaryDirectory() as passing:
        options.folder = options.folder or Path(passing)
        options.folder.mkdir(parents=True, exist_ok=True)
        run(options, results)
    print()
    print_parts(results.parts)
    print()
    print_aims(results)
    if options.sigma is None:
        print("\nsigma.js was left out: --sigma names a node_modules folder that holds it")
    print(f"\n{load()} at the end")


if __name__ == "__main__":
    main()
