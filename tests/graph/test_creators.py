from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcrawl.graph import (
    Confidence,
    ConnectionGraph,
    Creator,
    Decisions,
    Edge,
    Node,
    find_creators,
)
from graphcrawl.graph.evidence import (
    BOTH_WAYS,
    BY_HAND,
    NEAR_USERNAME,
    NOT_YET_KNOWN,
    SAME_TITLE,
    SAME_USERNAME,
)
from graphcrawl.model import Certainty, Origin
from tests.graph.worlds import connected, found_together, named, owned_together, small
from tests.map.graphs import HOSTILE

NETWORKS = ("instagram", "tiktok", "twitter", "youtube")


def node(at: int, network: str, username: str | None, title: str | None, **changes: object) -> Node:
    values: dict[str, object] = {
        "social_id": f"s{at}",
        "subscribers_count": 1000 - at,
        "er": None,
        "state": "READY",
        "depth": 1,
        "visit": "done",
    }
    return Node(
        id=at,
        network=network,
        username=username,
        title=title,
        **{**values, **changes},  # type: ignore[arg-type]
    )


def pair(
    one: tuple[str | None, str | None],
    other: tuple[str | None, str | None],
    *,
    back: bool,
    visit: str = "done",
) -> tuple[Creator, ...]:
    """Two accounts on two networks; the first lists the second, which may list it back."""
    nodes = node(1, "instagram", *one), node(2, "youtube", *other, visit=visit)
    return find_creators(connected(nodes, {1: [2], 2: [1]} if back else {1: [2]}))


def test_the_documented_sample_at_depth_1_is_likely() -> None:
    (nasa,) = find_creators(small(1))
    assert named(nasa) == ["instagram:nasa", "twitter:nasa", "youtube:nasa"]
    assert nasa.confidence is Confidence.LIKELY
    assert {one.confidence for one in nasa.accounts} == {Confidence.LIKELY}
    said = {e.reasons for one in nasa.accounts for e in one.evidence}
    assert said == {(SAME_USERNAME, SAME_TITLE, NOT_YET_KNOWN)}
    assert [f"{one.network}:{one.username}" for one in nasa.to_ask] == [
        "twitter:nasa",
        "youtube:nasa",
    ]
    assert [one.username for one in nasa.related] == ["nasaartemis", "nasagovvideo"]
    assert nasa.name == "NASA"
    assert nasa.followers == 96_809_672 + 84_756_058 + 12_244_637


def test_the_documented_sample_is_confirmed_by_asking() -> None:
    nasa = find_creators(small(2))[0]
    assert named(nasa) == ["instagram:nasa", "twitter:nasa", "youtube:nasa"]
    assert nasa.confidence is Confidence.STRONG
    assert nasa.to_ask == ()
    assert nasa.accounts[0].evidence[0].reasons == (SAME_USERNAME, SAME_TITLE, BOTH_WAYS)


@pytest.mark.parametrize("day", [0, 13, 30])
def test_the_small_world_whole_is_found_as_it_is(day: int) -> None:
    graph = small(9, day=day)
    truth = owned_together(small(9))
    found = found_together(find_creators(graph))
    if day == 0:
        assert found == truth
        assert len(truth) > 45
    # Names of day 0 are those that the truth knows.
    assert {one for one in found if one <= set().union(*truth)} <= truth


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_nothing_wrong_is_said_at_any_depth(depth: int) -> None:
    graph = small(depth)
    found = found_together(find_creators(graph))
    assert found
    assert found <= owned_together(graph)


def test_an_owner_under_differing_names_is_likely_by_its_title() -> None:
    boats = next(one for one in find_creators(small(9)) if one.name == "Paper Boat Works")
    assert len(boats.accounts) == 3
    assert boats.confidence is Confidence.LIKELY
    assert boats.accounts[0].evidence[0].reasons == (SAME_TITLE, BOTH_WAYS)


def test_a_false_friend_is_no_owner() -> None:
    comets = [one for one in find_creators(small(9)) if any("sim_comet" in n for n in named(one))]
    assert sorted(map(named, comets)) == [
        ["instagram:sim_comet", "tiktok:sim_comet"],
        ["twitch:sim_comet", "youtube:sim_comet"],
    ]


FULL = (("nasa", "NASA"), ("nasa", "NASA"))
NEAR = (("nasa", "NASA"), ("nasa.tv", "NASA"))
NAME = (("nasa", "NASA"), ("nasa", "Space"))
TITLE = (("nasa", "NASA"), ("space", "NASA"))
VAGUE = (("nasa", "NASA"), ("nasa.tv", "Space"))
OTHER = (("nasa", "NASA"), ("space", "Space"))


@pytest.mark.parametrize(
    ("names", "both_ways", "not_yet_known"),
    [
        (FULL, "strong", "likely"),
        (NEAR, "strong", "likely"),
        (NAME, "likely", "low"),
        (TITLE, "likely", "low"),
        (VAGUE, "low", None),
        (OTHER, None, None),
    ],
)
def test_what_speaks_for_one_owner(
    names: tuple[tuple[str, str], tuple[str, str]], both_ways: str | None, not_yet_known: str | None
) -> None:
    assert [one.confidence for one in pair(*names, back=True)] == [both_ways] * bool(both_ways)
    unknown = pair(*names, back=False, visit="skipped")
    assert [one.confidence for one in unknown] == [not_yet_known] * bool(not_yet_known)
    assert pair(*names, back=False) == (), "it was asked, and does not list the other"
    if unknown:
        assert [one.id for one in unknown[0].to_ask] == [2]


def test_a_name_alone_says_nothing() -> None:
    nodes = [node(at, network, "nasa", "NASA") for at, network in enumerate(NETWORKS)]
    assert find_creators(connected(nodes, {})) == ()


def test_near_usernames_are_said_to_be_near() -> None:
    (found,) = pair(*NEAR, back=True)
    assert found.accounts[1].evidence[0].reasons == (NEAR_USERNAME, SAME_TITLE, BOTH_WAYS)


@pytest.mark.parametrize("visit", ["failed"])
def test_what_gave_no_answer_is_not_to_be_asked_again(visit: str) -> None:
    (found,) = pair(*FULL, back=False, visit=visit)
    assert found.confidence is Confidence.LIKELY
    assert found.to_ask == ()


def test_a_chain_of_weak_links_joins_nobody() -> None:
    """One title, three names, and no more is known than that the first lists the others."""
    nodes = [
        node(1, "instagram", "aaaaa", "Title"),
        node(2, "youtube", "bbbbb", "Title", visit="skipped"),
        node(3, "tiktok", "ccccc", "Title", visit="skipped"),
    ]
    (found,) = find_creators(connected(nodes, {1: [2, 3]}))
    assert len(found.accounts) == 2
    assert found.confidence is Confidence.LOW


def test_a_likely_one_vouches_only_while_the_rest_is_not_known() -> None:
    nodes = [node(at, network, "nasa", f"T{at}") for at, network in enumerate(NETWORKS[:3], 1)]
    lists = {1: [2, 3], 2: [1], 3: [1]}
    (found,) = find_creators(connected(nodes, lists))
    assert len(found.accounts) == 2, "2 and 3 were asked and do not list each other"
    (found,) = find_creators(connected(nodes, {**lists, 2: [1, 3], 3: [1, 2]}))
    assert len(found.accounts) == 3


def test_a_strong_one_vouches() -> None:
    nodes = [node(at, network, "nasa", "NASA") for at, network in enumerate(NETWORKS[:3], 1)]
    (found,) = find_creators(connected(nodes, {1: [2, 3], 2: [1], 3: [1]}))
    assert len(found.accounts) == 3
    assert found.confidence is Confidence.STRONG


def test_of_two_that_fit_equally_well_neither_is_taken() -> None:
    nodes = [
        node(1, "instagram", "nasa", "NASA"),
        node(2, "youtube", "nasa_tv", "NASA"),
        node(3, "youtube", "nasa_official", "NASA"),
    ]
    lists = {1: [2, 3], 2: [1], 3: [1]}
    graph = connected(nodes, lists)
    assert find_creators(graph) == ()
    (chosen,) = find_creators(graph, Decisions(alone=frozenset({3})))
    assert [one.node.id for one in chosen.accounts] == [1, 2]
    (chosen,) = find_creators(graph, Decisions(parties=(frozenset({2, 3}),)))
    assert [one.node.id for one in chosen.accounts] == [1, 2, 3]
    better = [*nodes[:2], node(3, "youtube", "nasa", "NASA")]
    (found,) = find_creators(connected(better, lists))
    assert [one.node.id for one in found.accounts] == [1, 3]
    assert [one.id for one in found.related] == [2]


def test_what_was_merged_by_hand_takes_others_in() -> None:
    nodes = [
        node(1, "instagram", "nasa", "NASA"),
        node(2, "instagram", "artemis", "Artemis"),
        node(3, "youtube", "artemis", "Artemis"),
        node(4, "tiktok", "nasa", "NASA"),
    ]
    graph = connected(nodes, {1: [4], 2: [3], 3: [2], 4: [1]})
    assert len(find_creators(graph)) == 2
    (one,) = find_creators(graph, Decisions(parties=(frozenset({1, 2}),)))
    assert [account.node.id for account in one.accounts] == [1, 2, 4, 3]
    assert one.accounts[0].evidence[0].reasons == (BY_HAND,)
    two = find_creators(graph, Decisions(parties=(frozenset({1, 2}), frozenset({3, 4}))))
    assert [sorted(creator.node_ids) for creator in two] == [[1, 2], [3, 4]]


def test_accounts_of_one_network_are_together_by_hand_alone() -> None:
    nodes = [node(at, "instagram", "nasa", "NASA") for at in (1, 2)]
    graph = connected(nodes, {1: [2], 2: [1]})
    assert find_creators(graph) == ()
    (one,) = find_creators(graph, Decisions((frozenset({1, 2}),)))
    assert [account.evidence[0].reasons for account in one.accounts] == [(BY_HAND,)] * 2


def test_the_most_followed_come_first_and_equals_in_the_order_of_networks() -> None:
    nodes = [
        node(at, NETWORKS[at % 2], f"name{at // 2}", f"T{at // 2}", subscribers_count=followers)
        for at, followers in enumerate([1, 1, 5, 5, 1, 1])
    ]
    lists = {at: [at ^ 1] for at in range(6)}
    graph = connected(nodes, lists)
    turned = ConnectionGraph(graph.nodes[::-1], graph.edges[::-1], graph.origin)
    for given_graph in (graph, turned):
        assert [one.name for one in find_creators(given_graph)] == ["T1", "T0", "T2"]


def test_what_was_split_stands_alone_even_from_its_party() -> None:
    graph = connected([node(at, n, "a", "A") for at, n in enumerate(NETWORKS)], {0: [1], 1: [0]})
    decided = Decisions(parties=(frozenset({0, 1, 99}),), alone=frozenset({1, 98}))
    assert find_creators(graph, decided) == ()


@st.composite
def graphs(draw: st.DrawFn) -> ConnectionGraph:
    """Small dense graphs with few names, so that much fits and much contradicts."""
    count = draw(st.integers(2, 12))
    nodes = [
        node(
            at,
            draw(st.sampled_from(NETWORKS)),
            draw(st.sampled_from(["nasa", "nasatv", "nasa.official", "other", None, HOSTILE[0]])),
            draw(st.sampled_from(["NASA", "Other", "", None, HOSTILE[8]])),
            visit=draw(st.sampled_from(["done", "skipped", "failed"])),
            subscribers_count=draw(st.sampled_from([None, 1, 5])),
        )
        for at in range(1, count + 1)
    ]
    ends = st.tuples(st.integers(1, count), st.integers(1, count)).filter(lambda e: e[0] != e[1])
    edges = draw(st.dictionaries(ends, st.sampled_from(Certainty), max_size=count * 4))
    listed = tuple(Edge(a, b, 0, certainty) for (a, b), certainty in edges.items())
    return ConnectionGraph(tuple(nodes), listed, Origin.SIMULATED)


def partition(creators: Sequence[Creator]) -> list[int]:
    return [account.node.id for creator in creators for account in creator.accounts]


@given(graphs())
@settings(max_examples=300)
def test_no_creator_without_a_merge_breaks_the_rules(graph: ConnectionGraph) -> None:
    creators = find_creators(graph)
    assert len(set(partition(creators))) == len(partition(creators))
    standing = {(e.source, e.target): e.certainty for e in graph.edges}
    for creator in creators:
        nodes = [account.node for account in creator.accounts]
        assert len({one.network for one in nodes}) == len(nodes) > 1
        assert all(account.evidence for account in creator.accounts)
        for account in creator.accounts:
            assert account.confidence is account.evidence[0].confidence
            for evidence in account.evidence:
                check_direct(account.node, evidence.account, evidence.reasons, standing)
        neighbours = {one.node.id: {e.account.id for e in one.evidence} for one in creator.accounts}
        for one, other in combinations(neighbours, 2):
            assert other in neighbours[one] or neighbours[one] & neighbours[other]


def check_direct(
    one: Node,
    other: Node,
    reasons: Sequence[str],
    standing: Mapping[tuple[int, int], Certainty],
) -> None:
    """Every piece of evidence stands on a connection between the two, and on a name."""
    ways = {standing.get((one.id, other.id)), standing.get((other.id, one.id))} - {None}
    assert ways
    assert (BOTH_WAYS in reasons) == (Certainty.MUTUAL in ways)
    assert (NOT_YET_KNOWN in reasons) == (ways == {Certainty.UNKNOWN})
    assert {SAME_USERNAME, NEAR_USERNAME, SAME_TITLE} & set(reasons)


@given(graphs(), st.randoms(use_true_random=False), st.data())
@settings(max_examples=200)
def test_the_order_of_rows_does_not_matter(
    graph: ConnectionGraph, chance: random.Random, data: st.DataObject
) -> None:
    ids = st.frozensets(st.sampled_from([one.id for one in graph.nodes]), max_size=4)
    first, second = data.draw(ids), data.draw(ids)
    decided = Decisions((first, second - first), data.draw(ids))
    nodes, edges = list(graph.nodes), list(graph.edges)
    chance.shuffle(nodes)
    chance.shuffle(edges)
    shuffled = ConnectionGraph(tuple(nodes), tuple(edges), graph.origin)
    assert find_creators(shuffled, decided) == find_creators(graph, decided)


@given(graphs(), st.data())
@settings(max_examples=200)
def test_decisions_are_kept_whatever_the_evidence(
    graph: ConnectionGraph, data: st.DataObject
) -> None:
    ids = st.frozensets(st.sampled_from([one.id for one in graph.nodes]), max_size=4)
    party, alone = data.draw(ids), data.draw(ids)
    creators = find_creators(graph, Decisions((party,), alone))
    together = party - alone
    assert not alone & set(partition(creators))
    if len(together) > 1:
        assert any(together <= one.node_ids for one in creators)
    for creator in creators:
        others = [a.node.network for a in creator.accounts if a.node.id not in together]
        assert len(others) == len(set(others))
