"""Choosing a world: what a command line knows, to a world."""

from __future__ import annotations

from pathlib import Path

from graphcrawl.csv_files import Columns
from graphcrawl.errors import SettingsError
from graphcrawl.simulator.files import FileWorld
from graphcrawl.simulator.generated import GeneratedWorld
from graphcrawl.simulator.small import SmallWorld
from graphcrawl.simulator.world import World


def open_world(
    *,
    accounts: int | None = None,
    nodes: Path | None = None,
    edges: Path | None = None,
    columns: Columns | None = None,
    undirected: bool = False,
    day: int = 0,
    rng_seed: int = 0,
) -> World:
    """Open the small world, a generated one, or one from files.

    Parameters
    ----------
    accounts : int or None
        Size of a generated world.
    nodes, edges : Path or None
        CSV files of a real graph, plain or gzipped; both or none.
    columns : Columns or None
        Which of the files' columns hold what.
    undirected : bool
        List each of the files' edges from both ends.
    day : int
        Day of the small or generated world, 0 or more; files have one day only.
    rng_seed : int
        Seed of the generated world.

    Returns
    -------
    World
        The small one when neither a size nor files are given.

    Raises
    ------
    SettingsError
        When the wishes contradict each other.
    InputError
        When a file cannot be used.
    """
    if day < 0:
        raise SettingsError("the day must be 0 or more")
    if nodes is None and edges is None:
        if columns is not None or undirected:
            raise SettingsError("columns and --undirected need --nodes and --edges")
        if accounts is None:
            return SmallWorld(day=day)
        return GeneratedWorld(accounts, rng_seed=rng_seed, day=day)
    if nodes is None or edges is None:
        raise SettingsError("--nodes and --edges need each other")
    if accounts is not None or day:
        raise SettingsError("--accounts and --day cannot be used with --nodes and --edges")
    return FileWorld(nodes, edges, columns=columns, undirected=undirected)
