from __future__ import annotations

from pathlib import Path

import pytest

import graphcrawl.simulator
from graphcrawl.errors import SettingsError
from graphcrawl.simulator import Columns, FileWorld, GeneratedWorld, Report, SmallWorld, open_world


def test_the_small_world_is_the_default() -> None:
    world = open_world(day=30)
    assert isinstance(world, SmallWorld)
    assert "day 30" in world.summary


def test_a_size_generates_a_world() -> None:
    world = open_world(accounts=50, rng_seed=4, day=2)
    assert isinstance(world, GeneratedWorld)
    assert len(world) == 50
    assert world.account(9) == GeneratedWorld(50, rng_seed=4, day=2).account(9)


def test_files_are_served(tmp_path: Path) -> None:
    nodes, edges = tmp_path / "n.csv", tmp_path / "e.csv"
    nodes.write_text("key\n1\n2\n")
    edges.write_text("source,target\n1,2\n")
    world = open_world(nodes=nodes, edges=edges, columns=Columns(id="key"), undirected=True)
    assert isinstance(world, FileWorld)
    assert "2 accounts, 2 links" in world.summary


@pytest.mark.parametrize("world", [SmallWorld(), GeneratedWorld(30), GeneratedWorld(1)])
def test_every_world_can_be_entered(world: graphcrawl.simulator.World) -> None:
    assert isinstance(world.look_up(world.entrance), Report)


def test_wishes_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="each other"):
        open_world(nodes=tmp_path / "n")
    with pytest.raises(SettingsError, match="each other"):
        open_world(edges=tmp_path / "n")
    with pytest.raises(SettingsError, match="--accounts"):
        open_world(nodes=tmp_path / "n", edges=tmp_path / "e", accounts=3)
    with pytest.raises(SettingsError, match="--day"):
        open_world(nodes=tmp_path / "n", edges=tmp_path / "e", day=3)
    with pytest.raises(SettingsError, match="day"):
        open_world(day=-1)
    with pytest.raises(SettingsError, match="--nodes"):
        open_world(undirected=True)
    with pytest.raises(SettingsError, match="at least 1"):
        open_world(accounts=0)


def test_the_public_names_exist() -> None:
    names = graphcrawl.simulator.__all__
    assert names == sorted(names)
    assert all(hasattr(graphcrawl.simulator, name) for name in names)
