"""What is drawn of a graph: marks, lines, and what tells them apart."""

from __future__ import annotations

from collections import Counter

from graphcrawl.graph import ConnectionGraph
from graphcrawl.map import Heading
from graphcrawl.map.marks import SHAPES
from graphcrawl.map.scene import Scene, compose
from graphcrawl.model import NETWORKS, Certainty, Origin
from tests.map.graphs import crawl, graph, hostile, node, sample


def scene(one: ConnectionGraph) -> Scene:
    return compose(one, heading=Heading("title", "sentence"))


def test_every_network_has_its_own_shape() -> None:
    assert set(SHAPES) == NETWORKS
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_a_mutual_pair_is_one_line_and_no_other_is_lost() -> None:
    one = crawl(300, 12)
    lines = scene(one).lines
    expected = Counter(edge.certainty for edge in one.edges)
    assert expected[Certainty.MUTUAL] > 0
    expected[Certainty.MUTUAL] //= 2
    assert Counter(line.certainty for line in lines) == expected
    ids = [each.id for each in one.nodes]
    listed = {(edge.source, edge.target) for edge in one.edges}
    assert all((ids[line.source], ids[line.target]) in listed for line in lines)


def test_more_followers_never_make_a_smaller_mark() -> None:
    counts = [None, 0, 5, 100, 10_000, 10**6, 10**8, 10**12]
    marks = scene(graph([node(at, subscribers_count=n) for at, n in enumerate(counts)], {})).marks
    radii = [mark.radius for mark in marks]
    assert radii == sorted(radii)
    assert radii[0] < radii[-2]
    assert radii[-1] < 4 * radii[0]


def test_simulated_accounts_lead_to_nobody() -> None:
    simulated = scene(crawl(40, 9))
    assert simulated.notice is not None
    assert all(mark.url is None for mark in simulated.marks)
    vendor = scene(sample())
    assert vendor.notice is None
    assert all(mark.url is not None for mark in vendor.marks)


def test_hostile_names_lead_to_safe_addresses_or_nowhere() -> None:
    for mark in scene(hostile()).marks:
        assert mark.url is None or mark.url.startswith("https://")
        assert mark.url is None or not set(mark.url) & set("<>\"'` \x00")


def test_an_account_without_any_name_has_something_to_be_called_by() -> None:
    nodes = [
        node(0, title=None, username=None),
        node(1, title="\x00\u202e", username=None, social_id=None),
    ]
    assert [mark.name for mark in scene(graph(nodes, {})).marks] == ["id 00000", "no name"]


def test_rings_are_there_only_where_there_was_a_crawl() -> None:
    assert scene(sample()).rings
    assert not scene(graph([node(0, depth=None, visit=None)], {})).rings


def test_origin_alone_decides_the_notice() -> None:
    assert scene(graph([], {}, origin=Origin.SIMULATED)).notice is not None
