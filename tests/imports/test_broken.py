"""What is wrong with a file is said in one line, and nothing is left behind."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from graphcrawl.csv_files import Columns
from graphcrawl.database import Database
from graphcrawl.errors import InputError, StoreError
from tests.imports.test_foreign import bring, pairs, written

BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
<gexf><graph><nodes><node id="&b;" label="&x;"/></nodes></graph></gexf>
"""


def gexf(body: str) -> str:
    return f'<gexf><graph defaultedgetype="directed">\n{body}\n</graph></gexf>'


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("g.gexf", BOMB, "line 2: it has a DTD"),
        ("g.graphml", BOMB.replace("gexf", "graphml"), "line 2: it has a DTD"),
        ("g.gexf", gexf('<nodes><node id="a"></nodes>'), "line 2: no sound XML: mismatched tag"),
        ("g.gexf", gexf('<nodes><node id="a"/></nodes>')[:-9], "no sound XML"),
        (
            "g.gexf",
            gexf('<nodes><node id="a"/>\n<node id="a"/></nodes>'),
            "line 3: the ID 'a' again",
        ),
        ("g.gexf", gexf('<nodes><node label="x"/></nodes>'), "line 2: no ID"),
        (
            "g.gexf",
            gexf('<nodes><node id="a"/></nodes><edges>\n<edge source="a" target="z"/></edges>'),
            "line 3: no account has the ID 'z'",
        ),
        ("g.gexf", gexf(""), "no accounts"),
        ("g.xml", "<svg/>", "XML, but neither GEXF nor GraphML"),
        ("g.json", '{"nodes": [], "links": []}', "no accounts"),
        ("g.json", '{"nodes": {"a": 1}}', "no graph of nodes and links"),
        ("g.json", '{"nodes": [', "no sound JSON"),
        ("g.json", '{"a": ' + "[" * 200_000 + "]" * 200_000 + "}", "too deep"),
        ("g.json", '{"nodes": [3, {"id": null}], "links": []}', "node 1: no object; node 2: no ID"),
        ("g.json", '{"nodes": [{"id": 1, "depth": -1}], "links": []}', "depth '-1' is no whole"),
        ("g.json", '{"nodes": [{"id": 1}], "links": [{"source": 1}]}', "link 1: no account has"),
        ("g.json", b"\xff\xfe{", "not UTF-8"),
        ("g.png", b"\x89PNG\r\n", "unknown format"),
        ("g.csv", "source,target\n", "no accounts"),
        ("g.csv", "source\ttarget\na\n", "line 2: 1 fields, not 2"),
        ("g.csv", "a,b\nx,y\n", "no column 'source'; it has a, b; see --source"),
        ("g.csv", "source,target\n,b\n", "line 2: no account has the ID ''"),
        ("g.csv", "source,target\na,b\n\xe4".encode("latin-1"), "line 3: not UTF-8; save it in"),
        ("g.csv", "source,target,certainty\na,b,sure\n", "certainty 'sure' is none of mutual"),
        ("g.csv", "source,target,position\na,b,x\n", "position 'x' is no whole number"),
        ("g.csv", "source,target,first_seen_at\na,b,then\n", "first_seen_at 'then' is no date"),
        ("g.csv.gz", gzip.compress(b"source,target\na,b\n" * 99)[:-9], "cannot be read"),
    ],
)
def test_a_broken_file_is_one_line_and_leaves_nothing(
    tmp_path: Path, name: str, text: str | bytes, words: str
) -> None:
    path = written(tmp_path, name, text)
    database = Database(tmp_path / "new" / "folder" / "g.db")
    with pytest.raises(InputError) as caught:
        database.import_graph(path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,,5", "the ID '1' again"),
        ("2,x,-5", "subscribers '-5' is no whole number"),
        ("2,x,99999999999999999999", "is no whole number"),
        ("2,x,1,1", "4 fields, not 3"),
        (",x,1", "no ID"),
    ],
)
def test_broken_accounts_are_named_or_skipped(tmp_path: Path, row: str, words: str) -> None:
    nodes = written(tmp_path, "n.csv", f"id,title,subscribers\r\n1,One,1\r\n{row}\r\n3,,\r\n")
    edges = written(tmp_path, "e.csv", "source,target\r\n1,3\r\n1,2\r\n")
    database = Database(tmp_path / "g.db")
    with pytest.raises(InputError, match=f"line 3: .*{words}.*--skip-broken"):
        database.import_graph(nodes=nodes, edges=edges)
    assert not database.path.exists()
    result = database.import_graph(nodes=nodes, edges=edges, skip_broken=True)
    assert (result.broken, result.stored.accounts, result.stored.connections) == (2, 2, 1)
    assert pairs(database) == {("1", "3", "one-way")}


def test_attributes_of_no_kind(tmp_path: Path) -> None:
    for told, words in (
        ({"asked": "maybe"}, "asked 'maybe' is neither true nor false"),
        ({"visit": "gone"}, "visit 'gone' is none of claimed, deferred, done"),
        ({"standing": "gold"}, "standing 'gold' is none of asked"),
        ({"er": "1e999"}, "er '1e999' is no number"),
        ({"title": ["a"]}, "\"['a']\" is no text"),
        ({"last_seen_at": "\x1b[31m"}, r"last_seen_at '\\x1b[31m' is no date"),
    ):
        path = written(tmp_path, "g.json", json.dumps({"nodes": [{"id": 1, **told}], "links": []}))
        with pytest.raises(InputError) as caught:
            bring(path)
        assert words in str(caught.value)


def test_a_chosen_attribute_that_nobody_has(tmp_path: Path) -> None:
    path = written(tmp_path, "g.json", '{"nodes": [{"id": 1, "name": "x"}], "links": []}')
    with pytest.raises(InputError, match="no attribute 'nick'; it has name; see --username"):
        bring(path, columns=Columns(username="nick"))
    database, _ = bring(path, columns=Columns(title="name"))
    assert database.graph().nodes[0].title == "x"


def test_two_origins_never_mix(tmp_path: Path) -> None:
    header = "id,label,network,social_id,standing,origin\n"
    nodes = f"{header}1,A,instagram,1,asked,simulated\n2,B,instagram,2,asked,vendor\n"
    (tmp_path / "g").mkdir()
    written(tmp_path / "g", "nodes.csv", nodes)
    written(tmp_path / "g", "edges.csv", "source,target\n1,2\n")
    with pytest.raises(InputError, match="vendor and simulated data never mix"):
        bring(tmp_path / "g")
    assert not (tmp_path / "g.db").exists()


def test_a_database_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path, "g.csv", "source,target\na,b\n")
    database, _ = bring(path)
    before = database.path.read_bytes()
    with pytest.raises(StoreError, match="holds accounts already"):
        database.import_graph(path)
    assert database.path.read_bytes() == before


def test_an_interrupt_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "g.csv", "source,target\na,b\n" + "a,b\n" * 20_000)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("graphcrawl.store.importing._judge", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bring(path)
    assert list(tmp_path.iterdir()) == [path]
