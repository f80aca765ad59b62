"""Whatever is in a file, it is a graph or bad input: no other error gets out."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcrawl.csv_files import Columns
from graphcrawl.errors import InputError
from graphcrawl.imports import Assembly, open_graph
from graphcrawl.incoming import IncomingEdge, IncomingNode
from tests.imports.test_foreign import GEPHI, YED

JSON = json.dumps(
    {
        "directed": False,
        "graph": {"generator": "graphcrawl 1", "origin": "simulated"},
        "nodes": [{"id": 1, "network": "x", "social_id": "1", "asked": True}, {"id": 2, "er": 0.5}],
        "edges": [{"source": 1, "target": 2, "position": 0, "certainty": "one-way"}],
    }
)
OURS = (
    "id,label,network,social_id,standing,origin,depth\n1,'=a,x,1,asked,vendor,0\n2,b,x,,waiting,,\n"
)
PIECES = ("<default>", "</node>", "<graph>", "<data key='d1'>", '"', "\x00", "&", "\n", ",", "null")

edits = st.lists(
    st.tuples(st.integers(0, 2_000), st.integers(0, 40), st.sampled_from(PIECES) | st.text()),
    max_size=3,
)


def edited(text: str, changes: list[tuple[int, int, str]]) -> bytes:
    for start, length, piece in changes:
        at = start % (len(text) + 1)
        text = text[:at] + piece + text[at + length :]
    return text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("text", [GEPHI, YED, JSON, "source,target\na,b\nc,a\n"])
@settings(max_examples=40)
@given(edits, st.booleans())
def test_fuzzed_files(text: str, changes: list[tuple[int, int, str]], skip: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "g.csv"
        path.write_bytes(edited(text, changes))
        read(path, skip=skip)


@settings(max_examples=40)
@given(edits, st.booleans())
def test_fuzzed_folders(changes: list[tuple[int, int, str]], skip: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "nodes.csv").write_bytes(edited(OURS, changes))
        (Path(folder) / "edges.csv").write_text("source,target\n1,2\n")
        read(Path(folder), skip=skip)


def read(path: Path, *, skip: bool) -> None:
    said = ""
    try:
        assembly = Assembly(open_graph(path, Columns()), skip_broken=skip)
        incoming = list(assembly.incoming())
        assert assembly.origin
    except InputError as error:
        said, incoming = str(error), []
    assert "\n" not in said
    keys: set[int] = set()
    for one in incoming:
        if isinstance(one, IncomingNode):
            assert one.key > 0
            assert one.key not in keys
            keys.add(one.key)
            assert one.social_id or one.username
        else:
            assert isinstance(one, IncomingEdge)
            assert {one.source, one.target} <= keys
            assert one.source != one.target
