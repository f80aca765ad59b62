from __future__ import annotations

import base64
from io import BytesIO

import pytest
from PIL import Image

from graphcrawl.graph import ConnectionGraph
from graphcrawl.map import by_importance, describe, draw, left_out_sentence
from graphcrawl.map.faces import LARGEST, data_uris
from graphcrawl.model import Thumbnail
from tests.map.conftest import OpenMap, Watched
from tests.map.graphs import HOSTILE, NETWORKS, graph, hostile, node, sample

GREEN = (0, 160, 0)


def face(colour: tuple[int, int, int] = GREEN) -> Thumbnail:
    written = BytesIO()
    Image.new("RGB", (96, 96), colour).save(written, "JPEG", quality=95)
    return Thumbnail("image/jpeg", written.getvalue())


def drawn(one: ConnectionGraph, pictures: dict[int, Thumbnail] | None = None) -> str:
    return draw(one, heading=describe(one, seeds=["instagram:nasa"], rate=95), pictures=pictures)


def test_seeds_come_first_then_the_most_followed() -> None:
    nodes = [
        node(0, depth=1, subscribers_count=5),
        node(1, depth=0, subscribers_count=None),
        node(2, depth=1, subscribers_count=900),
        node(3, depth=2, subscribers_count=5),
        node(4, depth=0, subscribers_count=3),
        node(5, depth=None, subscribers_count=None),
    ]
    assert by_importance(graph(nodes, {})) == [4, 1, 2, 0, 3, 5]


@pytest.mark.parametrize(
    "one",
    [
        Thumbnail("image/svg+xml", b"<svg onload='alert(1)'/>"),
        Thumbnail("text/html", b"<script>alert(1)</script>"),
        Thumbnail("image/jpeg", b"<script>alert(1)</script>"),
        Thumbnail('image/jpeg;base64,AAAA" onerror="alert(1)', face().content),
        Thumbnail("image/jpeg", face().content + bytes(LARGEST)),
        Thumbnail("image/jpeg", b""),
    ],
)
def test_what_is_no_picture_of_ours_stays_out_of_the_page(one: Thumbnail) -> None:
    """A database may come from anyone."""
    assert data_uris({1: one, 2: face()}).keys() == {"2"}


def test_the_page_is_the_same_whatever_the_order() -> None:
    pictures = {0: face(), 3: face((9, 9, 9)), 2: face((200, 0, 0))}
    backwards = dict(reversed(pictures.items()))
    assert drawn(sample(), pictures) == drawn(sample(), backwards)
    text = base64.b64encode(pictures[3].content).decode()
    assert drawn(sample(), pictures).count(text) == 1


@pytest.mark.parametrize(
    ("shown", "kept", "words"),
    [
        (0, 0, None),
        (5, 5, None),
        (1, 2, "1 picture of 2 is in this page: of the seeds and the most followed."),
        (700, 1500, "700 pictures of 1,500 are in this page: of the seeds and the most followed."),
    ],
)
def test_pictures_that_are_not_shown_are_told(shown: int, kept: int, words: str | None) -> None:
    assert left_out_sentence(shown, kept) == words


def initials(watched: Watched, **mark: object) -> str:
    plain = {"name": "", "username": "x", "social_id": "7"}
    made: str = watched.page.evaluate("(mark) => initialsOf(mark)", plain | mark)
    return made


@pytest.mark.browser
def test_initials(open_map: OpenMap) -> None:
    watched = open_map(drawn(sample()))
    for name, expected in {
        "NASA": "N",
        "nasa artemis mission": "NA",
        "  «Élan» vital": "ÉV",
        "@someone": "S",
        "9GAG": "9",
        "москва сегодня": "МС",
        "星野茶馆・夜空直播": "星",
        "مخبز القمر": "م",
        "🚀 Paper Rocket": "🚀",
        "👩‍🚀👩‍🚀": "👩‍🚀",
        "🇫🇷 France": "🇫🇷",
        "ßtraße weit": "ßW",
        "e\u0301t\u00e9 bleu": "E\u0301B",
        "Z" + "\u0301" * 500: "Z",
        "NASA 星": "N",
        "... ---": "",
        "": "",
    }.items():
        assert initials(watched, name=name) == expected, name


@pytest.mark.browser
def test_a_made_up_name_has_none(open_map: OpenMap) -> None:
    watched = open_map(drawn(sample()))
    assert initials(watched, name="no name", username="") == ""
    assert initials(watched, name="id 7", username="") == ""
    assert initials(watched, name="no name") == "NN"


def colours(watched: Watched, index: int, down: float = 0.0) -> list[int]:
    """A pixel of a mark, so many times its size below its middle."""
    pixel: list[int] = watched.page.evaluate(
        """([index, down]) => {
          const { network, model, place } = graphcrawlMap, { x, y, size } = model.marks[index];
          const canvas = place.querySelector("canvas"), ratio = canvas.width / canvas.clientWidth;
          const spot = network.canvasToDOM({ x, y: y + down * size });
          return Array.from(canvas.getContext("2d").getImageData(
            Math.round(spot.x * ratio), Math.round(spot.y * ratio), 1, 1).data).slice(0, 3);
        }""",
        [index, down],
    )
    return pixel


def pictures_are_there(watched: Watched, count: int) -> None:
    watched.page.wait_for_function(f"graphcrawlMap.view.faces.round.size === {count}")
    watched.settle()


def is_near(one: list[int], other: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


def rows_of_marks() -> ConnectionGraph:
    """Every network's shape, asked and not, with an account of no network that we know."""
    kinds = [*NETWORKS, "newcomer"]
    nodes = [
        node(at, network=kinds[at % 7], depth=1, visit="done" if at < 7 else "skipped",
             cause=None if at < 7 else "rim", subscribers_count=10**7)
        for at in range(14)
    ]  # fmt: skip
    return graph(nodes, {0: [1, 2]})


@pytest.mark.browser
def test_a_picture_lies_in_its_mark_whatever_the_shape(open_map: OpenMap) -> None:
    one = rows_of_marks()
    watched = open_map(drawn(one, {at: face() for at in range(14)}), reduced_motion="reduce")
    pictures_are_there(watched, 14)
    for at in range(14):
        watched.page.evaluate(
            """(index) => {
              const { x, y } = graphcrawlMap.model.marks[index];
              graphcrawlMap.network.moveTo({ position: { x, y }, scale: 3 });
            }""",
            at,
        )
        watched.settle()
        room = watched.page.evaluate(f"ROOM[graphcrawlMap.model.marks[{at}].shape]")
        middle = colours(watched, at, room["down"])
        if at < 7:
            assert is_near(middle, GREEN)
        else:
            assert middle[1] > middle[0] + 40, "green still, and paler: it was not asked"
            assert min(middle) > 60
            continue
        # The ring is of the network's colour.
        ring = colours(watched, at, room["down"] + room["radius"])
        hue = watched.page.evaluate(
            f"graphcrawlMap.view.theme.kinds[graphcrawlMap.model.marks[{at}].kind]"
        )
        expected = [int(hue[part : part + 2], 16) for part in (1, 3, 5)]
        assert sum(abs(a - b) for a, b in zip(ring, expected, strict=True)) < 150


@pytest.mark.browser
def test_an_account_that_failed_keeps_its_sign(open_map: OpenMap) -> None:
    nodes = [node(0), node(1, network="instagram", visit="failed", cause="not-found")]
    watched = open_map(drawn(graph(nodes, {0: [1]}), {1: face()}))
    pictures_are_there(watched, 1)
    assert max(colours(watched, 1)) < 70, "ink, over a pale picture"


@pytest.mark.browser
def test_the_panel_shows_the_picture_and_says_nothing_by_it(open_map: OpenMap) -> None:
    watched = open_map(drawn(sample(), {1: face()}))
    page = watched.page
    page.evaluate("graphcrawlMap.choose(1)")
    image = page.locator("#panel img")
    assert image.get_attribute("alt") == ""
    page.wait_for_function("document.querySelector('#panel img').naturalWidth === 96")
    page.evaluate("graphcrawlMap.choose(2)")
    assert image.count() == 0


@pytest.mark.browser
@pytest.mark.parametrize(
    "address",
    ["https://evil.example/1.jpg", "javascript:alert(1)", "data:image/svg+xml,<svg/>", "//x/1"],
)
def test_an_address_in_a_picture_s_place_is_not_asked(open_map: OpenMap, address: str) -> None:
    """Even if it came to stand in the data: `open_map` fails for any request."""
    page = drawn(sample(), {1: face()})
    start = page.index("data:image/jpeg;base64,")
    end = page.index('"', start)
    watched = open_map(page[:start] + address.replace("<", "\\u003c") + page[end:])
    watched.page.evaluate("graphcrawlMap.choose(1)")
    watched.settle()
    assert watched.page.locator("#panel img").count() == 0


@pytest.mark.browser
def test_hostile_names_have_harmless_initials(open_map: OpenMap) -> None:
    watched = open_map(drawn(hostile()))
    watched.page.evaluate("graphcrawlMap.network.moveTo({ scale: 2 })")
    watched.settle()
    longest = watched.page.evaluate(
        "Math.max(...graphcrawlMap.model.marks.map((mark) => initialsOf(mark).length))"
    )
    assert len(HOSTILE) > 10
    assert longest <= 32


@pytest.mark.browser
def test_initials_are_read_on_any_colour(open_map: OpenMap) -> None:
    watched = open_map(drawn(sample()))
    worst: float = watched.page.evaluate(
        """() => {
          let least = Infinity;
          for (let r = 0; r < 256; r += 15) for (let g = 0; g < 256; g += 15)
            for (let b = 0; b < 256; b += 15) {
              const colour = `rgb(${r}, ${g}, ${b})`;
              const light = luminance(colour), ink = luminance(inkOn(colour));
              const [most, rest] = [Math.max(light, ink), Math.min(light, ink)];
              least = Math.min(least, (most + 0.05) / (rest + 0.05));
            }
          return least;
        }"""
    )
    assert worst > 4.5
