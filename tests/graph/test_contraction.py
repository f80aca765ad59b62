"""One node an owner: nothing is lost or invented, and nothing unknown becomes known."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.graph import (
    Confidence,
    ConnectionGraph,
    Creator,
    CreatorAccount,
    Edge,
    Node,
    find_creators,
)
from graphcrawl.graph.contraction import CREATOR, Contraction, contract
from graphcrawl.model import Certainty, Origin
from tests.graph.worlds import small

NETWORKS = ("instagram", "tiktok", "twitter", "youtube")


@dataclass(frozen=True)
class Case:
    """A world, what was asked of it, what is drawn of that, and who owns what."""

    lists: frozenset[tuple[int, int]]
    graph: ConnectionGraph
    creators: tuple[Creator, ...]

    def owner(self, node: int) -> int:
        """A creator's number, if two of its accounts are drawn; else the node's, below 0."""
        drawn = {one.id for one in self.graph.nodes}
        for at, creator in enumerate(self.creators):
            if node in creator.node_ids and len(creator.node_ids & drawn) > 1:
                return at
        return -node


def account(at: int, visit: str, **changes: object) -> Node:
    values: dict[str, object] = {
        "social_id": f"s{at}",
        "username": f"u{at}",
        "title": f"T{at}",
        "subscribers_count": 10 * at,
        "er": 1.0,
        "state": "READY",
        "depth": at,
        "cause": None,
    }
    return Node(
        id=at,
        network=NETWORKS[at % 4],
        visit=visit,
        **{**values, **changes},  # type: ignore[arg-type]
    )


def creator(*nodes: Node) -> Creator:
    return Creator(tuple(CreatorAccount(node, Confidence.LIKELY, ()) for node in nodes))


def seen(nodes: list[Node], lists: frozenset[tuple[int, int]]) -> ConnectionGraph:
    """What an honest crawl holds of who lists whom: the answers of those that were asked."""
    asked = {node.id for node in nodes if node.visit == "done"}
    held = {node.id for node in nodes}

    def certainty(source: int, target: int) -> Certainty:
        if target not in asked:
            return Certainty.UNKNOWN
        return Certainty.MUTUAL if (target, source) in lists else Certainty.ONE_WAY

    edges = tuple(
        Edge(source, target, at, certainty(source, target))
        for at, (source, target) in enumerate(sorted(lists))
        if source in asked and target in held
    )
    return ConnectionGraph(tuple(nodes), edges, Origin.VENDOR)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    many = draw(st.integers(2, 8))
    ids = range(1, many + 1)
    visits = draw(
        st.lists(st.sampled_from(["done", "skipped", "failed"]), min_size=many, max_size=many)
    )
    nodes = [account(at, visit) for at, visit in zip(ids, visits, strict=True)]
    pairs = [(one, other) for one in ids for other in ids if one != other]
    lists = draw(st.frozensets(st.sampled_from(pairs), max_size=20))
    groups = draw(st.lists(st.integers(0, 3), min_size=many, max_size=many))
    creators = [
        creator(*members)
        for group in (1, 2, 3)
        if len(members := [n for n, g in zip(nodes, groups, strict=True) if g == group]) > 1
    ]
    left_out = draw(st.frozensets(st.sampled_from(list(ids)), max_size=2))
    graph = seen(nodes, lists)
    kept = ConnectionGraph(
        tuple(node for node in graph.nodes if node.id not in left_out),
        tuple(e for e in graph.edges if not {e.source, e.target} & left_out),
        graph.origin,
    )
    return Case(lists, kept, tuple(creators))


def places(case: Case, done: Contraction) -> dict[int, int]:
    """The node of the contracted graph that each account is in."""
    found = {account.id: one.node.id for one in done.owned for account in one.accounts}
    return {node.id: found.get(node.id, node.id) for node in case.graph.nodes}


@given(cases())
def test_every_account_is_in_one_node_and_no_other_node_is_there(case: Case) -> None:
    done = contract(case.graph, case.creators)
    held = places(case, done)
    assert {node.id for node in done.graph.nodes} == set(held.values())
    assert len(done.graph.nodes) == len(set(held.values()))
    for node in case.graph.nodes:
        together = {other for other in held if held[other] == held[node.id]}
        owned = {n.id for n in case.graph.nodes if case.owner(n.id) == case.owner(node.id)}
        assert together == owned
    for kept in done.graph.nodes:
        assert kept.network == CREATOR or kept in case.graph.nodes


@given(cases())
def test_there_is_an_edge_where_there_is_one_between_accounts_and_nowhere_else(case: Case) -> None:
    done = contract(case.graph, case.creators)
    held = places(case, done)
    ends = [(held[edge.source], held[edge.target]) for edge in case.graph.edges]
    found = [(edge.source, edge.target) for edge in done.graph.edges]
    assert found == sorted({(source, target) for source, target in ends if source != target})
    assert done.within == sum(source == target for source, target in ends)
    for edge in done.graph.edges:
        joined = zip(case.graph.edges, ends, strict=True)
        assert edge.position == min(
            e.position for e, at in joined if at == (edge.source, edge.target)
        )


@given(cases())
def test_what_is_said_of_two_owners_is_true_in_the_world(case: Case) -> None:
    done = contract(case.graph, case.creators)
    owner = {node: case.owner(node) for node in places(case, done)}
    true = {(case.owner(source), case.owner(target)) for source, target in case.lists}
    for edge in done.graph.edges:
        source, target = owner[edge.source], owner[edge.target]
        assert (source, target) in true
        if edge.certainty is Certainty.ONE_WAY:
            assert (target, source) not in true
        if edge.certainty is Certainty.MUTUAL:
            assert (target, source) in true


@given(cases())
def test_without_creators_the_graph_stays_as_it_is(case: Case) -> None:
    done = contract(case.graph, ())
    assert done.graph.nodes == case.graph.nodes
    assert {(e.source, e.target, e.certainty) for e in done.graph.edges} == {
        (e.source, e.target, e.certainty) for e in case.graph.edges
    }
    assert done.owned == ()
    assert done.within == 0


@given(cases())
def test_the_order_of_edges_does_not_matter(case: Case) -> None:
    turned = ConnectionGraph(case.graph.nodes, case.graph.edges[::-1], case.graph.origin)
    assert contract(turned, case.creators) == contract(case.graph, case.creators)


@given(cases())
def test_nobody_counts_as_asked_while_an_account_of_theirs_was_not(case: Case) -> None:
    for one in contract(case.graph, case.creators).owned:
        every = [account.node.visit for account in one.creator.accounts]
        whole = len(one.accounts) == len(every)
        assert (one.node.visit == "done") == (whole and set(every) == {"done"})
        assert one.node.depth == min(account.depth or 0 for account in one.accounts)


def two(visits: tuple[str, str], certainty: Certainty, **changes: object) -> Certainty:
    """How sure it is that account 1 lists the owner of 2 and 3, of whom it lists 2."""
    nodes = [account(1, "done"), account(2, visits[0]), account(3, visits[1], **changes)]
    graph = ConnectionGraph(tuple(nodes), (Edge(1, 2, 0, certainty),), Origin.VENDOR)
    (edge,) = contract(graph, [creator(nodes[1], nodes[2])]).graph.edges
    return edge.certainty


def test_one_silent_account_makes_the_whole_owner_unknown() -> None:
    assert two(("done", "done"), Certainty.ONE_WAY) is Certainty.ONE_WAY
    assert two(("done", "skipped"), Certainty.ONE_WAY) is Certainty.UNKNOWN
    assert two(("skipped", "done"), Certainty.UNKNOWN) is Certainty.UNKNOWN
    assert two(("done", "skipped"), Certainty.MUTUAL) is Certainty.MUTUAL


def test_an_account_that_is_not_drawn_may_list_anyone_and_be_listed_by_anyone() -> None:
    nodes = [account(at, "done") for at in range(1, 5)]
    there = ConnectionGraph(tuple(nodes), (Edge(1, 2, 0, Certainty.ONE_WAY),), Origin.VENDOR)
    back = ConnectionGraph(tuple(nodes), (Edge(2, 1, 0, Certainty.ONE_WAY),), Origin.VENDOR)
    for graph in (there, back):
        done = contract(graph, [creator(*nodes[1:3], account(9, "done"))])
        assert [edge.certainty for edge in done.graph.edges] == [Certainty.UNKNOWN]
        assert done.owned[0].node.visit is None


def test_an_answer_that_was_cut_leaves_its_owner_unknown() -> None:
    nodes = [account(at, "done") for at in range(1, 5)]
    edges = (Edge(1, 2, 0, Certainty.ONE_WAY), Edge(4, 3, 0, Certainty.UNKNOWN))
    graph = ConnectionGraph(tuple(nodes), edges, Origin.VENDOR)
    done = contract(graph, [creator(nodes[1], nodes[2])])
    assert {edge.certainty for edge in done.graph.edges} == {Certainty.UNKNOWN}


def test_owners_that_list_each_other_by_different_accounts_are_mutual() -> None:
    nodes = [account(at, "done") for at in range(1, 5)]
    edges = (
        Edge(1, 3, 5, Certainty.ONE_WAY),
        Edge(2, 3, 8, Certainty.ONE_WAY),
        Edge(4, 2, 7, Certainty.ONE_WAY),
    )
    graph = ConnectionGraph(tuple(nodes), edges, Origin.VENDOR)
    done = contract(graph, [creator(*nodes[:2]), creator(*nodes[2:])])
    assert done.graph.edges == (
        Edge(2, 4, 5, Certainty.MUTUAL),
        Edge(4, 2, 7, Certainty.MUTUAL),
    )


def test_followers_are_the_sum_of_those_known() -> None:
    nodes = [
        account(1, "done", subscribers_count=5),
        account(2, "done", subscribers_count=None),
        account(3, "done", subscribers_count=7),
    ]
    graph = ConnectionGraph(tuple(nodes), (), Origin.VENDOR)
    (one,) = contract(graph, [creator(*nodes)]).owned
    assert one.node.subscribers_count == 12
    nodes = [account(at, "done", subscribers_count=None) for at in (1, 2)]
    graph = ConnectionGraph(tuple(nodes), (), Origin.VENDOR)
    (one,) = contract(graph, [creator(*nodes)]).owned
    assert one.node.subscribers_count is None


def test_the_small_world_has_an_owner_where_its_accounts_were() -> None:
    graph = small(2)
    done = contract(graph, find_creators(graph))
    assert done.owned
    assert len(done.graph.nodes) == len(graph.nodes) - sum(len(o.accounts) - 1 for o in done.owned)
    nasa = next(one for one in done.owned if one.node.title == "NASA")
    assert nasa.node.depth == 0
    assert nasa.node.visit == "done"
