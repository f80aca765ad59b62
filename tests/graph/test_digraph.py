"""A graph as networkx has it: typed, without None, and readable by its own writers."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import networkx as nx
import pytest

import graphcrawl
from graphcrawl.errors import InputError
from graphcrawl.graph.digraph import digraph_of
from graphcrawl.model import Certainty
from tests.map.graphs import crawl
from tests.worlds import World, by_id, by_name, new_store
from tests.worlds import crawl as crawl_into


def test_what_is_known_is_an_attribute_and_nothing_else_is() -> None:
    whole = crawl(60, 4)
    made = digraph_of(whole)
    assert list(made) == [node.id for node in whole.nodes]
    for node in whole.nodes:
        told = made.nodes[node.id]
        assert None not in told.values()
        assert told["asked"] is (node.visit == "done")
        for name in ("network", "social_id", "username", "title", "subscribers_count", "er"):
            assert told.get(name) == getattr(node, name)
            assert type(told.get(name)) is type(getattr(node, name))
        assert (told.get("depth"), told.get("visit")) == (node.depth, node.visit)
    assert {(a, b): told for a, b, told in made.edges(data=True)} == {
        (edge.source, edge.target): {
            "position": edge.position,
            "certainty": edge.certainty.value,
        }
        for edge in whole.edges
    }
    assert made.graph == {"origin": "simulated", "simulated": True}
    assert {told["certainty"] for _, _, told in made.edges(data=True)} <= {*map(str, Certainty)}


@pytest.mark.parametrize(("write", "read"), [(nx.write_graphml, nx.read_graphml),
                                             (nx.write_gexf, nx.read_gexf)])  # fmt: skip
def test_its_own_writers_write_it(write: object, read: object) -> None:
    made = digraph_of(crawl(40, 4))
    file = BytesIO()
    write(made, file)  # type: ignore[operator]
    file.seek(0)
    again = read(file, node_type=int)  # type: ignore[operator]
    assert set(again.edges) == set(made.edges)
    assert all(again.nodes[one]["network"] == made.nodes[one]["network"] for one in made)


def test_a_database_gives_it_and_filters_choose(tmp_path: Path) -> None:
    with new_store(tmp_path / "g.db") as store:
        crawl_into(
            store, World({"s": ["a", "b"], "a": ["s", "c"]}), [*by_id("s"), *by_name("x")], 2
        )
    database = graphcrawl.open(tmp_path / "g.db")
    made = database.networkx()
    names = {told.get("social_id") for _, told in made.nodes(data=True)}
    assert names == {"s", "a", "b", "c", None}
    near = database.networkx(1, filters=["depth<=1", "network=instagram"])
    assert {told.get("social_id") for _, told in near.nodes(data=True)} == {"s", "a", "b", None}
    assert near.number_of_edges() == 3
    chosen = database.graph(filters=["depth<=1"])
    assert {node.id for node in chosen.nodes} == set(near)
    with pytest.raises(InputError, match="--filter 'depth'"):
        database.graph(filters=["depth"])
