"""The columns: what the documents say of them, and names that users give to their own."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.export import columns
from graphcrawl.export.columns import EDGE, ENDS, NODE, own_names
from graphcrawl.graph.own import Own
from tests.export.made import contents, rows
from tests.map.graphs import graph, node
from tests.repository import ROOT


def test_the_document_has_every_column_and_says_the_same() -> None:
    text = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    for table in (NODE, EDGE, ENDS):
        lines = [f"| `{one.name}` | {one.kind} | {one.meaning} |" for one in table]
        assert "\n".join(lines) in text


@given(st.lists(st.sampled_from(["state", "own_state", "own_own_state", "own_", "own", "Source"])))
def test_own_names_are_told_from_ours_and_from_each_other(names: list[str]) -> None:
    given_names = list(own_names(dict.fromkeys(names)))
    assert len(set(given_names)) == len(set(names))
    ours = {column.name for column in (*NODE, columns.ORIGIN)}
    assert not ours & {name.casefold() for name in given_names}


def test_whole_numbers_beyond_64_bits_are_numbers_like_others() -> None:
    own = Own(columns={"huge": {1: 2**70, 2: 3}, "odd": {1: float("inf")}, "none": {}})
    held = contents(graph([node(1), node(2)], {}), own=own)
    one, other = rows(held.nodes)
    assert (one["huge"], other["huge"]) == (float(2**70), 3.0)
    assert "odd" not in one
    assert [column.kind.value for column in held.nodes.columns[-3:]] == ["number", "number", "text"]


def test_what_is_no_number_is_not_known() -> None:
    nodes = [node(at, er=value) for at, value in enumerate([math.nan, math.inf, -0.5, 5e-324])]
    assert [row.get("er") for row in rows(contents(graph(nodes, {})).nodes)] == [
        None,
        None,
        -0.5,
        0,
    ]
