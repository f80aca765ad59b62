"""Files of other programs, and files written by hand."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import igraph
import networkx as nx
import pytest

from graphcrawl.csv_files import Columns
from graphcrawl.database import Database
from graphcrawl.database.importing import ImportResult
from graphcrawl.model import Certainty, Origin
from graphcrawl.store import open_for_reading, read_own

GEPHI = """\
<?xml version='1.0' encoding='UTF-8'?>
<gexf xmlns="http://gexf.net/1.3" version="1.3" xmlns:viz="http://gexf.net/1.3/viz">
  <meta><creator>Gephi 0.10.1</creator></meta>
  <graph defaultedgetype="undirected" mode="static">
    <attributes class="node" mode="static">
      <attribute id="fans" title="Followers" type="integer"/>
      <attribute id="modularity_class" title="Modularity Class" type="integer"><default>0</default>
      </attribute>
    </attributes>
    <nodes>
      <node id="a" label="Ä &amp; co"><attvalues><attvalue for="fans" value="12"/></attvalues>
        <viz:size value="10.0"/><viz:position x="1.0" y="2.0"/></node>
      <node id="b" label="B"><attvalues><attvalue for="modularity_class" value="3"/></attvalues>
      </node>
      <node id="c" label="C"/>
    </nodes>
    <edges>
      <edge id="0" source="a" target="b" weight="2.0"/>
      <edge id="1" source="c" target="a" type="directed"/>
    </edges>
  </graph>
</gexf>
"""

YED = """\
<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
  <key for="node" id="d0" attr.name="url" attr.type="string"/>
  <key for="node" id="d1" yfiles.type="nodegraphics"/>
  <key for="edge" id="d2" yfiles.type="edgegraphics"/>
  <graph edgedefault="directed" id="G">
    <edge id="e0" source="n0" target="n1"><data key="d2"><y:PolyLineEdge><y:EdgeLabel>hi
      </y:EdgeLabel></y:PolyLineEdge></data></edge>
    <node id="n0"><data key="d0">http://x</data><data key="d1"><y:ShapeNode>
      <y:NodeLabel x="1">First<y:LabelModel/></y:NodeLabel><y:NodeLabel>no</y:NodeLabel>
      </y:ShapeNode></data></node>
    <node id="n1" yfiles.foldertype="group"><data key="d1"/>
      <graph id="n1:" edgedefault="undirected"><node id="n1::n0"/>
        <edge source="n1::n0" target="n0"/></graph></node>
  </graph>
</graphml>
"""


def bring(path: Path, **options: object) -> tuple[Database, ImportResult]:
    database = Database(path.parent / f"{path.name}.db")
    return database, database.import_graph(path, **options)  # type: ignore[arg-type]


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def pairs(database: Database) -> set[tuple[str | None, str | None, str]]:
    graph = database.graph()
    names = {node.id: node.social_id for node in graph.nodes}
    return {(names[e.source], names[e.target], e.certainty.value) for e in graph.edges}


def titles(database: Database) -> list[tuple[str | None, str | None]]:
    return [(node.social_id, node.title) for node in database.graph().nodes]


def own(database: Database) -> dict[str, list[object]]:
    store = open_for_reading(database.path)
    try:
        return {name: list(held.values()) for name, held in read_own(store).columns.items()}
    finally:
        store.close()


def by_networkx(kind: str) -> Callable[[nx.Graph, Path], None]:
    def write(graph: nx.Graph, path: Path) -> None:
        if kind in ("links", "edges"):
            path.write_text(json.dumps(nx.node_link_data(graph, edges=kind)))
        else:
            getattr(nx, f"write_{kind}")(graph, path)

    return write


@pytest.mark.parametrize("kind", ["gexf", "graphml", "links", "edges"])
def test_networkx_files(tmp_path: Path, kind: str) -> None:
    karate = nx.karate_club_graph()
    by_networkx(kind)(karate, tmp_path / "karate")
    database, result = bring(tmp_path / "karate")
    assert (result.stored.accounts, result.stored.connections) == (34, 2 * 78)
    assert result.origin is database.origin is Origin.IMPORTED
    both = {(str(a), str(b)) for a, b in karate.edges} | {(str(b), str(a)) for a, b in karate.edges}
    assert pairs(database) == {(a, b, Certainty.MUTUAL.value) for a, b in both}
    assert own(database)["club"].count("Mr. Hi") == 17
    directed = nx.DiGraph([("a", "b"), ("b", "a"), ("b", "c")])
    by_networkx(kind)(directed, tmp_path / "directed")
    database, _ = bring(tmp_path / "directed")
    assert pairs(database) == {("a", "b", "mutual"), ("b", "a", "mutual"), ("b", "c", "one-way")}


def test_igraph_names_are_titles(tmp_path: Path) -> None:
    graph = igraph.Graph(directed=True)
    graph.add_vertices(["Eins", "Zwei"], attributes={"network": ["tiktok", "tiktok"]})
    graph.add_edges([(0, 1)])
    graph.write_graphml(str(tmp_path / "g.graphml"))
    database, _ = bring(tmp_path / "g.graphml")
    assert titles(database) == [("n0", "Eins"), ("n1", "Zwei")]
    assert {node.network for node in database.graph().nodes} == {"tiktok"}


def test_gephi(tmp_path: Path) -> None:
    path = written(tmp_path, "g.gexf.gz", gzip.compress(GEPHI.encode()))
    database, _ = bring(path)
    assert titles(database) == [("a", "Ä & co"), ("b", "B"), ("c", "C")]
    assert pairs(database) == {("a", "b", "mutual"), ("b", "a", "mutual"), ("c", "a", "one-way")}
    assert database.graph().nodes[0].subscribers_count == 12
    assert own(database) == {"Modularity Class": [0, 3, 0]}


def test_yed_groups_and_edges_before_their_nodes(tmp_path: Path) -> None:
    database, _ = bring(written(tmp_path, "y.graphml", YED))
    assert titles(database) == [("n0", "First"), ("n1", None), ("n1::n0", None)]
    expected = {("n0", "n1", "one-way"), ("n1::n0", "n0", "mutual"), ("n0", "n1::n0", "mutual")}
    assert pairs(database) == expected
    assert own(database) == {"url": ["http://x"]}


def test_edges_alone_make_accounts_of_their_ends(tmp_path: Path) -> None:
    path = written(tmp_path, "list.csv", "target;Source\nb;a\na;b\nc;a\n")
    database, result = bring(path, network="facebook")
    assert pairs(database) == {("a", "b", "mutual"), ("b", "a", "mutual"), ("a", "c", "one-way")}
    assert result.foreign == {"facebook": 3}
    node = database.graph().nodes[0]
    assert (node.network, node.username, node.visit, node.depth) == ("facebook", "a", "done", None)


def test_positions_follow_the_file_and_repetitions_and_loops_are_left_out(tmp_path: Path) -> None:
    text = "source,target\na,c\nb,a\na,b\na,c\na,a\n"
    database, result = bring(written(tmp_path, "list.csv", text))
    names = {node.id: node.social_id for node in database.graph().nodes}
    listed = [names[e.target] for e in database.graph().edges if names[e.source] == "a"]
    assert listed == ["c", "b"]
    assert [e.position for e in database.graph().edges if names[e.source] == "a"] == [0, 1]
    assert (result.stored.repeated, result.loops, result.broken) == (1, 1, 0)


def test_columns_are_chosen_or_found_and_the_rest_is_the_users(tmp_path: Path) -> None:
    nodes = written(
        tmp_path,
        "n.csv",
        "\ufeffKey\tNick\tLabel\tsubscribers\tasked\tworth\tsure\tcode\r\n"
        "1\tone\tThe One\t1200.0\ttrue\t1.5\ttrue\t007\r\n2\t\t\t\tfalse\t2\tfalse\t8\r\n",
    )
    edges = written(tmp_path, "e.csv", "from,to\n1,2\n")
    database = Database(tmp_path / "g.db")
    columns = Columns(id="Key", username="Nick", source="from", target="to")
    database.import_graph(nodes=nodes, edges=edges, columns=columns)
    one, two = database.graph().nodes
    assert (one.social_id, one.username, one.title) == ("1", "one", "The One")
    assert (one.subscribers_count, two.username, two.title) == (1200, "2", None)
    assert (one.visit, two.visit, two.cause) == ("done", "skipped", "import")
    assert pairs(database) == {("1", "2", "unknown")}
    assert own(database) == {"code": ["007", "8"], "sure": [True, False], "worth": [1.5, 2.0]}


def test_one_that_was_not_asked_and_lists_others_is_known_in_part(tmp_path: Path) -> None:
    nodes = written(tmp_path, "n.csv", "id,asked\na,no\nb,yes\n")
    database = Database(tmp_path / "g.db")
    database.import_graph(
        nodes=nodes, edges=written(tmp_path, "e.csv", "source,target\na,b\nb,a\n")
    )
    assert pairs(database) == {("a", "b", "mutual"), ("b", "a", "mutual")}
    record = database.crawl_record(1)
    assert (record.asked, record.connections, record.count("skipped", "import")) == (1, 2, 1)
    assert len(database.graph(1).edges) == 2


def test_the_record_says_that_it_was_an_import(tmp_path: Path) -> None:
    database, result = bring(written(tmp_path, "list.csv", "source,target\na,b\nb,b\n"))
    record = database.crawl_record(result.stored.crawl_id)
    assert (record.status, record.seeds, record.requests) == ("complete", (), 0)
    assert record.is_import
    assert record.settings["import"] == {
        "files": ["list.csv"],
        "format": "csv",
        "undirected": False,
        "connections": 1,
        "loops": 1,
        "broken": 0,
        "unkept": {},
    }
    assert record.runs[0].versions["graphcrawl"]


def test_a_name_that_no_database_holds(tmp_path: Path) -> None:
    text = '{"nodes": [{"id": 1, "a\\ud800": 2}], "links": []}'
    database, _ = bring(written(tmp_path, "g.json", text))
    assert own(database) == {"a\ufffd": [2]}


def test_as_it_was_known_at_a_moment(tmp_path: Path) -> None:
    document = {
        "nodes": [{"id": "a", "first_seen_at": "2020-01-01"}, {"id": "b"}],
        "links": [{"source": "a", "target": "b"}],
    }
    database, _ = bring(written(tmp_path, "g.json", json.dumps(document)))
    ended = database.crawl_record(1).finished_at
    assert ended is not None
    assert database.graph(at=ended) == database.graph()
    early = database.graph(at=ended.replace(year=2021))
    assert [node.social_id for node in early.nodes] == ["a"]


def test_what_is_made_of_an_imported_graph(tmp_path: Path) -> None:
    out = io.BytesIO()
    nx.write_gexf(nx.karate_club_graph(), out)
    database, _ = bring(written(tmp_path, "k.gexf", out.getvalue()))
    assert len(database.clusters().found.communities) > 1
    page = database.map().html
    assert "Imported data" in page
    assert "the imported file has a connection from A to B" in page
    assert "everything reachable" not in page
    assert '"url"' not in page, "a file's own numbers are no profiles"
    assert database.diff(1, 1).alterations == ()


def test_what_a_file_does_not_know_of_a_connection_is_not_known_here(tmp_path: Path) -> None:
    text = "source,target,certainty\na,b,unknown\nc,b,one-way\na,c,one-way\n"
    database, _ = bring(written(tmp_path, "list.csv", text))
    # Of b one connection is not known: then it is not known whether all it lists is here.
    assert pairs(database) == {
        ("a", "b", "unknown"),
        ("c", "b", "unknown"),
        ("a", "c", "one-way"),
    }
