"""Tags, notes and own columns on the page: told in the panel, in colours, legend and table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from graphcrawl.errors import InputError
from graphcrawl.graph import ConnectionGraph, Decisions, find_creators
from graphcrawl.graph.contraction import contract
from graphcrawl.graph.own import Own
from graphcrawl.map import Color, Heading, MapOptions, describe, draw
from graphcrawl.map.added import by_creator
from graphcrawl.map.groups import COLOURED
from graphcrawl.map.legend import explain
from graphcrawl.map.scene import compose
from graphcrawl.map.shades import STEPS, shade
from graphcrawl.model import OwnValue
from tests.map.conftest import OpenMap
from tests.map.graphs import HOSTILE, crawl, graph, node, sample
from tests.map.test_page import data_of

HEADING = Heading("t", "s")


def drawn(one: ConnectionGraph, own: Own, column: str | None = None) -> str:
    heading = describe(one, seeds=["instagram:nasa"], rate=95)
    return draw(one, heading=heading, options=MapOptions(column=column), own=own)


def one_column(values: Mapping[int, OwnValue]) -> Own:
    return Own(columns={"rank": values})


def test_without_anything_added_the_page_is_the_same() -> None:
    one = crawl(40, 5)
    plain = draw(one, heading=HEADING)
    assert draw(one, heading=HEADING, own=Own()) == plain
    assert data_of(plain).keys().isdisjoint({"columns", "shading"})
    # What was added to accounts that are not drawn adds nothing either.
    assert draw(one, heading=HEADING, own=Own(tags={999: ("press",)})) == plain


numbers = st.one_of(
    st.dictionaries(st.integers(), st.integers(-(2**63), 2**63 - 1), min_size=1),
    st.dictionaries(
        st.integers(), st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=30
    ),
    st.dictionaries(st.integers(0, 50), st.integers(0, 60), min_size=9),
)


@given(numbers)
def test_every_number_lies_in_one_step_and_larger_ones_in_later_steps(
    values: dict[int, int] | dict[int, float],
) -> None:
    shading = shade(one_column(values), "rank", values)
    assert shading.of.keys() == values.keys()
    assert 0 < len(shading.shades) <= STEPS
    ordered = sorted(values, key=lambda one: values[one])
    places = [shading.of[one] for one in ordered]
    assert places == sorted(places)
    assert set(places) == set(range(len(shading.shades)))
    hues = [int(one.hue.removeprefix("step-")) for one in shading.shades]
    assert hues == sorted(set(hues))
    assert hues[-1] < STEPS


@pytest.mark.parametrize(
    ("values", "texts", "told"),
    [
        ([1, 2, 2, 5], ["1", "2", "5"], "rank: 1 to 5"),
        ([0.5, 1.0], ["0.5", "1"], "rank: 0.5 to 1"),
        (range(100), ["0 to 19", "20 to 39", "40 to 59", "60 to 79", "80 to 99"], "rank: 0 to 99"),
        (
            [1, 12, 13, 14, 15, 16, 17, 123_456],
            ["1 to 9", "10 to 99", "100,000 to 999,999"],
            "rank: 1 to 123,456",
        ),
        (
            [at / 10 for at in range(-5, 6)],
            [
                "-0.6 to under -0.4",
                "-0.4 to under -0.2",
                "-0.2 to under 0",
                "0 to under 0.2",
                "0.2 to under 0.4",
                "0.4 to under 0.6",
            ],
            "rank: -0.5 to 0.5",
        ),
    ],
)
def test_steps_begin_at_round_numbers(values: list[float], texts: list[str], told: str) -> None:
    shading = shade(one_column(dict(enumerate(values))), "rank", range(len(values)))
    assert ([one.text for one in shading.shades], shading.told) == (texts, told)


def test_the_frequent_values_have_a_colour_each_and_the_rarer_ones_none() -> None:
    words = {at: f"w{min(at % 20, at % 7)}" for at in range(60)}
    words |= {100 + at: f"x{at:02}" for at in range(20)}
    shading = shade(one_column(words), "Rank", [*words, 999])
    counts = Counter(words.values())
    best = sorted(counts, key=lambda word: (-counts[word], word))
    assert [one.text for one in shading.shades[:-1]] == best[:COLOURED]
    assert [one.hue for one in shading.shades] == [*(f"cluster-{at}" for at in range(12)), ""]
    assert shading.shades[-1].text == f"{len(counts) - COLOURED} rarer values"
    assert 999 not in shading.of
    assert all(
        shading.of[one] == (best.index(word) if word in best[:COLOURED] else COLOURED)
        for one, word in words.items()
    )


def test_yes_and_no_are_words_and_tags_count_together() -> None:
    shading = shade(one_column({1: True, 2: False, 3: False}), "rank", [1, 2, 3])
    assert [one.text for one in shading.shades] == ["no", "yes"]
    tagged = shade(Own(tags={1: ("a", "b"), 2: ("a", "b"), 3: ("b",)}), "TAG", [1, 2, 3, 4])
    assert [one.text for one in tagged.shades] == ["a, b", "b"]
    assert (tagged.of, tagged.none) == ({1: 0, 2: 0, 3: 1}, "no tag")


def test_the_legend_counts_every_account_once() -> None:
    one = crawl(100, 8)
    own = one_column({n.id: n.id // 3 for n in one.nodes if n.id % 4})
    options = MapOptions(column="rank")
    entries = explain(compose(one, heading=HEADING, options=options, own=own)).shades
    assert sum(int(entry.count) for entry in entries) == 100
    assert (entries[-1].text, entries[-1].count, entries[-1].shape) == ("not given", "25", "")


def test_a_column_that_is_not_there_is_one_line_with_those_that_are() -> None:
    own = Own(columns={"topic": {1: "x"}, "a\x1b[31m\nb": {}})
    with pytest.raises(InputError) as refused:
        drawn(sample(), own, "topci\x1b\n")
    line = str(refused.value)
    assert "there are auto, network, cluster, tag, topic, a\\x1b[31m\\nb" in line
    assert line.isprintable()
    with pytest.raises(InputError, match="graphcrawl tag puts some"):
        drawn(sample(), own, "tag")
    with pytest.raises(InputError, match="need a column"):
        MapOptions(color=Color.OWN)


def test_a_creator_has_all_tags_and_what_its_accounts_agree_in() -> None:
    one = sample()
    contraction = contract(one, find_creators(one, Decisions((frozenset({0, 1, 2}),))))
    own = Own(
        tags={0: ("a",), 1: ("b",), 3: ("c",)},
        notes={0: "of the first", 3: "of another"},
        columns={"topic": {0: "x", 1: "x", 3: "y"}, "rank": {0: 1, 1: 2}},
    )
    joined = by_creator(own, contraction.owned)
    (owned,) = contraction.owned
    assert joined.tags == {owned.node.id: ("a", "b"), 3: ("c",)}
    assert joined.columns == {"topic": {owned.node.id: "x", 3: "y"}, "rank": {}}
    assert joined.notes == {3: "of another"}


def test_colours_mean_the_same_in_both_views() -> None:
    values = {0: "a", 1: "a", 2: "b", 3: "c", 4: "c"}
    first = shade(one_column(values), "rank", values)
    assert [one.text for one in first.shades] == ["a", "c", "b"]
    again = shade(one_column({0: "d", 2: "b", 3: "c", 4: "b"}), "rank", [0, 2, 3, 4], like=first)
    assert [one.text for one in again.shades] == ["a", "c", "b", "d"]
    assert (again.of, again.told) == ({0: 3, 2: 2, 3: 1, 4: 2}, "rank: 3 values")
    whole = shade(one_column(dict(enumerate(range(100)))), "rank", range(100))
    part = shade(one_column({5: 5, 99: 99}), "rank", [5, 99], like=whole)
    assert [one for one in whole.shades if one in part.shades] == list(part.shades)
    assert [one.text for one in part.shades] == ["0 to 19", "80 to 99"]


def colours(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "graphcrawlMap.model.marks.map("
        "(m) => hueOf(graphcrawlMap.model, graphcrawlMap.view.theme, m))"
    )
    return found


OWN = Own(
    tags={0: ("press", "to ask"), 3: ("press",)},
    notes={0: "One line.\nAnother."},
    columns={
        "budget": {0: 2**62, 1: 5, 4: -7},
        "topic": {0: "space", 1: "=1+1", 2: "space"},
    },
)


@pytest.mark.browser
def test_the_panel_tells_what_was_added(open_map: OpenMap) -> None:
    page = open_map(drawn(sample(), OWN)).page
    page.evaluate("graphcrawlMap.choose(0)")
    said = page.locator("#panel").inner_text()
    assert "Added by the map's maker" in said
    for text in ("press, to ask", "4,611,686,018,427,387,904", "space", "One line.\nAnother."):
        assert text in said
    page.evaluate("graphcrawlMap.choose(2)")
    assert "not given" not in page.locator("#panel").inner_text()
    # Without a wish the colours are as ever, and a tag is found like a name.
    assert page.locator("#color").count() == 0
    page.fill("#query", "to ASK")
    assert page.locator("#found li").count() == 1


@pytest.mark.browser
def test_colours_tell_the_column_and_the_legend_hides_by_it(open_map: OpenMap) -> None:
    watched = open_map(drawn(sample(), OWN, "topic"))
    page = watched.page
    space, other, grey = "#3185cf", "#c36751", "#767676"
    assert colours(page) == [space, other, space, grey, grey]
    glyphs = page.locator("#legend .shades .body")
    assert [glyphs.nth(at).evaluate("(one) => getComputedStyle(one).fill") for at in range(3)] == [
        "rgb(49, 133, 207)",
        "rgb(195, 103, 81)",
        "rgb(118, 118, 118)",
    ]
    rows = page.locator("#legend .shades li")
    assert [text.split() for text in rows.all_inner_texts()] == [
        ["space", "2"],
        ["=1+1", "1"],
        ["not", "given", "2"],
    ]
    page.uncheck("#legend input[data-facet=own][value='0']")
    assert "2 of 5 accounts (topic space)" in page.locator("#hidden").inner_text()
    page.uncheck("#legend input[data-facet=own][value=none]")
    assert page.evaluate("graphcrawlMap.model.shown") == [False, True, False, False, False]
    page.select_option("#color", "network")
    assert colours(page)[0] == "#c2528f"
    page.evaluate("showTip(document.getElementById('tip'), graphcrawlMap.model, 3, {x: 9, y: 9})")
    assert "topic: not given" in page.locator("#tip").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_have_the_steps_of_the_scale(open_map: OpenMap, scheme: str) -> None:
    one = crawl(12, 4)
    own = one_column({n.id: n.id for n in one.nodes if n.id})
    page = open_map(drawn(one, own, "rank"), color_scheme=scheme).page
    found = colours(page)
    light = ["#5b8df7", "#527af4", "#5762e6", "#6828a8", "#650c84", "#5a0064"]
    dark = ["#b05b13", "#c2710e", "#d28911", "#ebbe39", "#f5d857", "#fef178"]
    steps = light if scheme == "light" else dark
    assert list(dict.fromkeys(found[1:])) == steps
    assert found[0] not in steps
    assert page.locator("#legend .told").inner_text() == "rank: 1 to 11"


@pytest.mark.browser
def test_the_table_and_its_csv_hold_the_columns(open_map: OpenMap) -> None:
    own = Own(OWN.tags, OWN.notes, {**OWN.columns, "=a,b": {0: "x"}})
    page = open_map(drawn(sample(), own)).page
    page.click("#accounts summary")
    heads = page.locator("#accounts thead").inner_text().split("\t")
    assert [head.strip() for head in heads[-5:]] == ["Tags", "budget", "topic", "=a,b", "Note"]
    page.click("#accounts thead button:text-is('budget')")
    assert (
        page.locator("#accounts tbody tr")
        .first.locator("td")
        .nth(11)
        .inner_text()
        .startswith("4,611")
    )
    text = page.evaluate("csvOf(graphcrawlMap.model, [0, 1, 4])")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["budget"] for row in rows] == ["4611686018427387904", "5", "-7"]
    assert [row["topic"] for row in rows] == ["space", "'=1+1", ""]
    assert rows[0]["'=a,b"] == "x"
    assert rows[0]["tags"] == "press, to ask"
    assert rows[0]["note"] == "One line.\nAnother."


@pytest.mark.browser
@pytest.mark.parametrize("column", ["tag", HOSTILE[0]])
def test_hostile_words_are_inert(open_map: OpenMap, column: str) -> None:
    one = graph([node(at) for at in range(len(HOSTILE))], {0: list(range(1, len(HOSTILE)))})
    own = Own(
        tags={at: (text, "x") for at, text in enumerate(HOSTILE)},
        notes=dict(enumerate(HOSTILE)),
        columns={name: dict(enumerate(HOSTILE)) for name in HOSTILE},
    )
    page = open_map(drawn(one, own, column)).page
    page.evaluate("graphcrawlMap.model.marks.forEach((_, at) => graphcrawlMap.choose(at))")
    page.click("#accounts summary")
    page.locator("#accounts tbody").wait_for()
    assert page.evaluate("window.__pwned") is None
    assert "</script><script>" in page.locator("#accounts").inner_text()
