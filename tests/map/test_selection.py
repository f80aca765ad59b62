"""What `--filter` and `--max-nodes` leave of a graph, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.errors import InputError
from graphcrawl.graph import ConnectionGraph, Node
from graphcrawl.graph.conditions import parse_filter, refuse_unfit
from graphcrawl.graph.own import Own
from graphcrawl.map import Heading, MapOptions, Selection, Size, draw, select
from graphcrawl.map.marks import lines_of
from graphcrawl.map.scene import compose
from graphcrawl.map.selection import foremost
from graphcrawl.model import OwnValue
from tests.map.graphs import crawl, graph, node
from tests.map.test_page import data_of


def selected(one: ConnectionGraph, *filters: str, max_nodes: int | None = None) -> Selection:
    return select(one, MapOptions(filters=tuple(map(parse_filter, filters)), max_nodes=max_nodes))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("network=instagram", lambda n: n.network == "instagram"),
        ("network = IG", lambda n: n.network == "instagram"),
        ("network!=youtube", lambda n: n.network != "youtube"),
        ("state=ready", lambda n: n.state == "READY"),
        ("depth<=1", lambda n: n.depth <= 1),
        ("Depth>1", lambda n: n.depth > 1),
        ("followers>=10K", lambda n: n.subscribers_count >= 10_000),
        ("followers<1000", lambda n: n.subscribers_count < 1000),
    ],
)
def test_a_filter_keeps_who_fulfils_it(text: str, holds: Callable[[Node], bool]) -> None:
    one = crawl(300, 12)
    kept = selected(one, text).graph
    assert kept.nodes == tuple(filter(holds, one.nodes))
    assert kept.nodes
    ids = {account.id for account in kept.nodes}
    assert kept.edges == tuple(e for e in one.edges if e.source in ids and e.target in ids)


def test_all_filters_must_hold() -> None:
    one = crawl(300, 12)
    both = selected(one, "network=tiktok", "followers>=1M").graph.nodes
    assert both
    assert all(n.network == "tiktok" and (n.subscribers_count or 0) >= 10**6 for n in both)


def test_what_is_not_known_fulfils_nothing() -> None:
    blank = node(1, subscribers_count=None, state=None, depth=None)
    one = graph([node(0), blank], {})
    for text in ("followers<5", "followers!=5", "state!=PRIVATE", "depth<9", "depth!=3"):
        assert blank not in selected(one, text).graph.nodes


def test_who_bears_a_tag_and_who_does_not() -> None:
    one = crawl(30, 4)
    own = Own(tags={1: ("art", "to ask"), 4: ("to ask",)})
    kept = {
        text: {
            n.id for n in select(one, MapOptions(filters=(parse_filter(text),)), own).graph.nodes
        }
        for text in ("tag=art", "Tag = TO  ask", "tag!=to ask", "tag=none")
    }
    assert kept == {
        "tag=art": {1},
        "Tag = TO  ask": {1, 4},
        "tag!=to ask": {n.id for n in one.nodes} - {1, 4},
        "tag=none": set(),
    }


COLUMNS: Mapping[str, Mapping[int, OwnValue]] = {
    "Topic": {0: "Outer Space", 1: "art", 2: "a=b"},
    "budget": {0: 1200, 1: -3, 2: 50},
    "share": {0: 0.5, 1: 1e-7},
    "paid": {0: True, 1: False},
    "depth": {0: "deep", 1: "flat"},
    "two words": {2: "x"},
}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("topic=outer space", {0}),
        (" TOPIC = OUTER SPACE ", {0}),
        ("Topic!=art", {0, 2}),
        ("Topic=a=b", {2}),
        ("budget>=50", {0, 2}),
        ("budget<0", {1}),
        ("budget<0.05K", {1}),
        ("budget=1.2k", {0}),
        ("budget!=-3", {0, 2}),
        ("share>1e-7", {0}),
        ("share<=0.5", {0, 1}),
        ("paid=yes", {0}),
        ("paid!=TRUE", {1}),
        ("column:depth=deep", {0}),
        ("column:topic=art", {1}),
        ("two words=x", {2}),
    ],
)
def test_a_column_of_ones_own_is_asked(text: str, kept: set[int]) -> None:
    own, one = Own(columns=COLUMNS), crawl(30, 4)
    asked = parse_filter(text)
    refuse_unfit([asked], own)
    assert {n.id for n in select(one, MapOptions(filters=(asked,)), own).graph.nodes} == kept
    assert parse_filter(str(asked)) == asked


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("topc=art", "no column topc: did you mean Topic? there are network, state, depth,"),
        ("folowers>10", "did you mean followers?"),
        ("column:network=x", "of your own: Topic, budget, share, paid, depth, two words"),
        ("topic<5", "Topic holds texts, which are compared with = or != only"),
        ("paid>0", "paid holds yes and no"),
        ("paid=maybe", "write paid=yes or paid=no"),
        ("budget=much", "budget holds numbers: give one after the sign"),
    ],
)
def test_a_column_that_cannot_be_asked_so_is_one_clear_line(text: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        refuse_unfit([parse_filter(text)], Own(columns=COLUMNS))
    assert str(refused.value).startswith("--filter '")
    assert hint in str(refused.value)
    with pytest.raises(InputError, match="of your own: none"):
        refuse_unfit([parse_filter(text)], Own())


@given(
    st.floats() | st.integers(),
    st.sampled_from(["<", ">", "<=", ">=", "=", "!="]),
    st.integers(-(10**18) + 1, 10**18 - 1),
)
def test_numbers_compare_as_python_s_do(held: float, sign: str, wanted: int) -> None:
    asked = parse_filter(f"n{sign}{wanted}")
    told = {
        **{"<": held < wanted, ">": held > wanted, "<=": held <= wanted, ">=": held >= wanted},
        **{"=": held == wanted, "!=": held != wanted},
    }
    assert asked.holds(node(0), Own(columns={"n": {0: held}})) == told[sign]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "write network="),
        ("network", "write network="),
        ("followers>=", "give a whole number after the sign"),
        ("nasa=", "write network="),
        ("=nasa", "write network="),
        ("column:=nasa", "write network="),
        ("topic=\x1b[31m", "write network="),
        ("budget>=much", "give a number after >="),
        ("budget>1e999", "give a number after >"),
        ("network<instagram", "compared with = or != only"),
        ("state=FINE", "READY_LOW_CONFIDENCE"),
        ("depth<=one", "whole number"),
        ("tag<press", "compared with = or != only"),
        ("tag=", "a tag is empty"),
        ("tag=a,b", "no comma"),
        ("followers>=1.5M", "whole number"),
        ("followers>=-1", "whole number"),
        ("depth<=" + "9" * 5000, "whole number"),
        ("x" * 5000 + "\n\x1b[31m", "write network="),
    ],
)
def test_a_broken_filter_is_one_clear_line(text: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_filter(text)
    line = str(refused.value)
    assert line.startswith("--filter '")
    assert hint in line
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


@given(st.text(max_size=40))
def test_any_text_is_a_filter_or_refused(text: str) -> None:
    try:
        read = parse_filter(text)
    except InputError:
        return
    assert parse_filter(str(read)) == read


@pytest.mark.parametrize("most", [1, 2, 10, 77, 299])
def test_the_foremost_are_kept_each_with_its_way_from_a_seed(most: int) -> None:
    one = crawl(300, 12)
    kept = selected(one, max_nodes=most).graph
    assert len(kept.nodes) == most
    reached = {account.id for account in kept.nodes if account.depth == 0}
    assert reached
    for _ in kept.nodes:
        reached |= {edge.target for edge in kept.edges if edge.source in reached}
    assert reached == {account.id for account in kept.nodes}


def test_more_connections_come_first_and_seeds_always_stay() -> None:
    nodes = [node(at, depth=0 if at < 3 else 1) for at in range(8)]
    one = graph(nodes, {0: [3, 7], 1: [7], 2: [7, 5], 3: [7]})
    assert [n.id for n in selected(one, max_nodes=4).graph.nodes] == [0, 1, 2, 7]
    assert [n.id for n in selected(one, max_nodes=1).graph.nodes] == [0, 1, 2]


def test_what_is_left_out_is_said_and_nothing_else() -> None:
    one = crawl(300, 12)
    assert selected(one, max_nodes=300).left_out == ()
    assert selected(one, "depth>=0").left_out == ()
    filtered, limited = selected(one, "depth<=3", max_nodes=20).left_out
    rest = sum((n.depth or 0) > 3 for n in one.nodes)
    assert f"with depth<=3 are drawn; {rest} others left out" in filtered
    assert f"{300 - rest - 20} others left out (--max-nodes {300 - rest} draws all)" in limited
    html = draw(one, heading=Heading("t", "s"), left_out=["<b>5 others</b>"])
    assert "&lt;b&gt;5 others&lt;/b&gt;" in html


def test_a_page_opens_with_what_a_browser_draws_at_once_and_says_how_to_get_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = crawl(300, 12)
    assert selected(one).left_out == ()
    monkeypatch.setattr("graphcrawl.map.selection.MOST_ACCOUNTS", 120)
    few = selected(one)
    assert len(few.graph.nodes) == 120
    assert "180 others left out (graphcrawl map --max-nodes 300 draws all)" in few.left_out[0]
    assert selected(one, max_nodes=300).left_out == ()


@pytest.mark.parametrize("most", [0, 1, 60, 200])
def test_a_page_has_no_more_lines_than_it_can_draw(most: int) -> None:
    one = crawl(300, 12)
    assert len(one.edges) > 200
    kept = foremost(one, 250, lines=most)
    lines = len(list(lines_of(kept)))
    assert lines <= most
    # As many as fit: the next account that matters would bring too many.
    assert lines > most / 2 or len(kept.nodes) == 1
    reached = {account.id for account in kept.nodes if account.depth == 0}
    for _ in kept.nodes:
        reached |= {edge.target for edge in kept.edges if edge.source in reached}
    assert reached == {account.id for account in kept.nodes}


@pytest.mark.parametrize("most", [0, -3])
def test_a_map_of_no_accounts_is_refused(most: int) -> None:
    with pytest.raises(InputError, match="--max-nodes"):
        MapOptions(max_nodes=most)


def test_sizes_tell_what_was_asked_for() -> None:
    one = graph([node(0, subscribers_count=5), node(1), node(2, subscribers_count=10**8)], {0: [1]})
    by = {
        size: compose(one, heading=Heading("t", "s"), options=MapOptions(size=size)).marks
        for size in Size
    }
    followers = [mark.radius for mark in by[Size.FOLLOWERS]]
    assert followers == sorted(followers)
    assert followers[0] < followers[2]
    degree = [mark.radius for mark in by[Size.DEGREE]]
    assert degree[0] == degree[1] > degree[2]
    assert "more connections on this page" in draw(
        one, heading=Heading("t", "s"), options=MapOptions(size=Size.DEGREE)
    )


def test_numbers_that_json_does_not_know_are_left_out() -> None:
    one = graph([node(0, er=float("nan")), node(1, er=2.5)], {})
    first, second = data_of(draw(one, heading=Heading("t", "s")))["nodes"]
    assert "er" not in first
    assert second["er"] == 2.5
