from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from graphcrawl.graph import ConnectionGraph, Edge, Node, SeedTies, find_creators, find_seed_ties
from graphcrawl.model import Certainty, Origin
from tests.graph.worlds import connected, small

NETWORKS = ("instagram", "twitter", "youtube")


def node(at: int, *, seed: bool = False, visit: str = "done") -> Node:
    depth = 0 if seed else 1
    return Node(at, "instagram", str(at), f"a{at}", None, None, None, None, depth, visit)


def names(nodes: tuple[Node, ...]) -> list[int]:
    return [one.id for one in nodes]


def ties_of(graph: ConnectionGraph) -> SeedTies:
    return find_seed_ties(graph, find_creators(graph))


def test_a_chain_over_accounts_that_are_no_seeds_joins_seeds() -> None:
    nodes = [node(1, seed=True), node(2, seed=True), node(3, seed=True), node(4), node(5)]
    ties = ties_of(connected(nodes, {1: [4], 5: [4, 2]}))
    assert [(names(group.seeds), group.accounts) for group in ties.groups] == [
        ([1, 2], 4),
        ([3], 1),
    ]
    assert (ties.connections, ties.shared, ties.owners) == ((), (), ())


def test_seeds_are_connected_by_a_listing_and_by_whom_both_list() -> None:
    nodes = [node(1, seed=True), node(2, seed=True), node(3, seed=True), node(4), node(5)]
    ties = ties_of(connected(nodes, {1: [2, 4, 5], 2: [1, 4], 3: [4, 2]}))
    told = [(one.source.id, one.target.id, one.certainty.value) for one in ties.connections]
    assert told == [(1, 2, "mutual"), (3, 2, "one-way")]
    shared = [(one.account.id, names(one.seeds)) for one in ties.shared]
    assert shared == [(4, [1, 2, 3]), (2, [1, 3])], "those that most list first; 5 has one only"


def test_a_mutual_connection_that_this_crawl_saw_from_one_side_is_told() -> None:
    graph = connected([node(1, seed=True), node(2, seed=True)], {2: [1]})
    edges = (Edge(2, 1, 0, Certainty.MUTUAL),)
    (only,) = ties_of(replace(graph, edges=edges)).connections
    assert (only.source.id, only.target.id) == (2, 1)


def test_seeds_of_one_owner_are_told_with_the_owner() -> None:
    graph = small(2)
    of_nasa = {"instagram", "twitter", "youtube"}
    nodes = tuple(
        replace(one, depth=0 if one.username == "nasa" and one.network in of_nasa else 1)
        for one in graph.nodes
    )
    (owner,) = ties_of(replace(graph, nodes=nodes)).owners
    assert owner.creator.name == "NASA"
    assert {one.network for one in owner.seeds} == of_nasa


def test_a_seed_without_an_answer_is_not_passed_off_as_one_that_lists_nobody() -> None:
    nodes = [node(1, seed=True), node(2, seed=True, visit="failed"), node(3, visit="skipped")]
    ties = ties_of(connected(nodes, {1: [3]}))
    assert names(ties.unanswered) == [2]


@st.composite
def graphs(draw: st.DrawFn) -> ConnectionGraph:
    count = draw(st.integers(0, 14))
    nodes = tuple(
        Node(
            at,
            draw(st.sampled_from(NETWORKS)),
            str(at),
            draw(st.sampled_from(["nasa", "other", None])),
            *("Title", None, None, None),
            draw(st.integers(0, 1)),
            draw(st.sampled_from(["done", "failed", "skipped", "queued"])),
        )
        for at in range(1, count + 1)
    )
    ends = st.tuples(st.integers(1, max(count, 1)), st.integers(1, max(count, 1)))
    pairs = ends.filter(lambda pair: count > 1 and pair[0] != pair[1])
    listed = draw(
        st.dictionaries(pairs, st.sampled_from(Certainty), max_size=20 if count > 1 else 0)
    )
    edges = tuple(Edge(a, b, 0, certainty) for (a, b), certainty in sorted(listed.items()))
    return ConnectionGraph(nodes, edges, Origin.SIMULATED)


def reachable(graph: ConnectionGraph, start: int) -> set[int]:
    """Walk over connections either way, one account after the other."""
    seen, waiting = {start}, [start]
    for at in waiting:
        for edge in graph.edges:
            for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
                if one == at and other not in seen:
                    seen.add(other)
                    waiting.append(other)
    return seen


@given(graphs())
@settings(max_examples=300)
def test_groups_are_the_components_and_part_the_seeds(graph: ConnectionGraph) -> None:
    ties = ties_of(graph)
    seeds = [one.id for one in graph.nodes if one.depth == 0]
    assert names(ties.seeds) == seeds
    assert sorted(one.id for group in ties.groups for one in group.seeds) == seeds
    sizes = [len(group.seeds) for group in ties.groups]
    assert sizes == sorted(sizes, reverse=True)
    for group in ties.groups:
        component = reachable(graph, group.seeds[0].id)
        assert set(names(group.seeds)) == component & set(seeds)
        assert group.accounts == len(component)


@given(graphs())
@settings(max_examples=300)
def test_what_is_shared_is_really_listed_and_nothing_is_left_out(graph: ConnectionGraph) -> None:
    ties = ties_of(graph)
    seeds = set(names(ties.seeds))
    listed = {(edge.source, edge.target) for edge in graph.edges}
    told = {(seed.id, one.account.id) for one in ties.shared for seed in one.seeds}
    assert told <= listed
    sharers = {
        target: {source for source, other in listed if other == target and source in seeds}
        for _, target in listed
    }
    assert {one.account.id: set(names(one.seeds)) for one in ties.shared} == {
        target: found for target, found in sharers.items() if len(found) > 1
    }
    direct = {(one.source.id, one.target.id) for one in ties.connections}
    mutual = {
        (edge.source, edge.target) for edge in graph.edges if edge.certainty is Certainty.MUTUAL
    }
    between = {pair for pair in listed if set(pair) <= seeds}
    # The nodes of these graphs are in the order of their keys.
    assert direct == {
        (source, target)
        for source, target in between
        if source < target or not {(source, target), (target, source)} <= mutual & between
    }
    for owner in ties.owners:
        assert len(owner.seeds) > 1
        assert set(names(owner.seeds)) == owner.creator.node_ids & seeds
