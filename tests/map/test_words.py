"""What the heading and the remarks say, and how foreign text is made readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.map import Heading, describe
from graphcrawl.map.words import Standing, readable, remark, report_state, stands
from tests.map.graphs import crawl, graph, node, sample


def test_the_documented_sample() -> None:
    assert describe(sample(), seeds=["instagram:nasa"], rate=95) == Heading(
        "nasa on instagram, depth 1",
        "5 accounts on 3 networks; 4 on the rim were not asked (3 s at 95 a minute)",
    )


@pytest.mark.parametrize(
    ("seeds", "title"),
    [
        ([], "All stored accounts"),
        (["tiktok:a"], "a on tiktok, depth 0"),
        (["tiktok:a", "tiktok:b"], "a and b on tiktok, depth 0"),
        (["tiktok:a", "twitch:b"], "a on tiktok and b on twitch, depth 0"),
        (["tiktok:a", "tiktok:b", "tiktok:c"], "a, b and c on tiktok, depth 0"),
        (
            ["tiktok:a", "twitch:b", "tiktok:c", "tiktok:d", "tiktok:e"],
            "a on tiktok, b on twitch, c on tiktok and 2 more, depth 0",
        ),
        (["tiktok:id:77"], "77 on tiktok, depth 0"),
        (["tiktok:id:00000"], "known on tiktok, depth 0"),
        (["nothing"], "nothing, depth 0"),
    ],
)
def test_titles_name_the_seeds(seeds: list[str], title: str) -> None:
    one = graph([node(0, network="tiktok", username="known")], {})
    assert describe(one, seeds=seeds, rate=None).title == title


def test_everything_seen_is_said_and_answers_without_a_report_are_counted() -> None:
    nodes = [
        node(0),
        node(1, visit="done", cause=None),
        node(2, visit="failed", cause="not-found"),
        node(3, visit="failed", cause="private"),
    ]
    sentence = describe(graph(nodes, {0: [1, 2, 3]}), seeds=["instagram:a"], rate=95).sentence
    assert sentence == (
        "4 accounts on 4 networks; everything reachable was seen; 1 without a report; 1 private"
    )


def test_nothing_missing_is_claimed_only_where_nothing_is_missing() -> None:
    gaps = [
        ("queued", None, "1 still to be asked (1 s at 95 a minute)"),
        ("claimed", None, "1 still to be asked"),
        ("deferred", "timeout", "1 still to be asked"),
        ("failed", "server-fault", "1 failed"),
        ("skipped", "network", "1 not asked"),
        (None, None, "1 not asked"),
    ]
    for visit, cause, said in gaps:
        one = graph([node(0), node(1, visit=visit, cause=cause)], {0: [1]})
        sentence = describe(one, seeds=["instagram:a"], rate=95).sentence
        assert said in sentence
        assert "everything" not in sentence


def test_no_rate_gives_no_time() -> None:
    for rate in (None, 0, 0.0):
        assert "(" not in describe(sample(), seeds=[], rate=rate).sentence


def test_only_an_answer_makes_an_account_asked() -> None:
    for visit in ("queued", "claimed", "failed", "deferred", "skipped", None, "new-in-future"):
        one = node(1, visit=visit, cause=None)
        assert stands(one) != Standing.ASKED
        assert "not known" in remark(one)
    assert stands(node(1, visit="done", state="PRIVATE")) == Standing.ASKED


def test_a_private_report_that_was_never_asked_is_not_called_asked() -> None:
    one = node(1, visit="skipped", cause="rim", state="PRIVATE")
    assert stands(one) == Standing.PRIVATE
    assert remark(one).startswith("not asked")


def test_unknown_states_and_causes_come_through_as_text() -> None:
    assert report_state(node(1, state="NEW <b>")) == "NEW <b>"
    assert report_state(node(1, state=None)) == "not given"
    assert "some new cause" in remark(node(1, visit="failed", cause="some-new-cause"))


@given(st.text(alphabet=st.characters(), max_size=600), st.integers(1, 300))
def test_readable_text_is_one_bounded_line_that_encodes(text: str, limit: int) -> None:
    line = readable(text, limit)
    line.encode("utf-8")
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert not set(line) & set("\x00\x1b\u202e\u202a\u2066\u2069\u2028")
    assert readable(line, limit) == line


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), max_size=100))
def test_honest_text_is_left_as_it_is(text: str) -> None:
    assert readable(text) == text


def test_a_very_long_text_is_cut() -> None:
    line = readable("x" * 1_000_000)
    assert len(line) == 280
    assert line.endswith("…")


def test_a_large_crawl_is_counted() -> None:
    sentence = describe(crawl(1500, 30), seeds=[], rate=95).sentence
    assert sentence.startswith("1,500 accounts on 6 networks; ")


def test_what_filters_left_out_is_named_by_its_cause() -> None:
    nodes = [
        node(0),
        node(1, visit="skipped", cause="few-followers"),
        node(2, visit="skipped", cause="few-followers"),
        node(3, visit="skipped", cause="excluded"),
        node(4, visit="done", cause="cut"),
        node(5, visit="done", cause="ring"),
    ]
    told = describe(graph(nodes, {0: [1, 2, 3, 4, 5]}), seeds=["instagram:a"], rate=95)
    assert told.sentence == (
        "6 accounts on 6 networks; 1 not asked: excluded; 2 not asked: with too few followers; "
        "of what 1 list, only the first accounts are here; 1 on the rim list others that are not "
        "here"
    )
    assert remark(nodes[1]) == "not asked: what it lists is not known (with too few followers)"
    assert remark(nodes[4]) == "asked: of what it lists, the first accounts are drawn"
    assert remark(nodes[5]) == "asked: of what it lists, the accounts that are here are drawn"
    assert {stands(one) for one in nodes[4:]} == {Standing.ASKED}
