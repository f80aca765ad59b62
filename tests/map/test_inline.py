"""The map in a notebook: drawn in a frame that can neither read nor change what is around it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Frame

from graphcrawl.errors import FileRefused
from graphcrawl.graph import ConnectionGraph
from graphcrawl.map import MapPage, describe, draw
from tests.map.conftest import OpenMap, Watched
from tests.map.graphs import crawl, hostile, sample

NOTEBOOK = "<!doctype html><title>Notebook</title><p id=secret>of the notebook</p>"


def page_of(graph: ConnectionGraph) -> MapPage:
    return MapPage(draw(graph, heading=describe(graph, seeds=["instagram:nasa"], rate=95)))


def framed(open_map: OpenMap, *pages: MapPage) -> tuple[Watched, list[Frame]]:
    """Open what a notebook would show, and wait until each frame's map is drawn."""
    shown = "".join(page._repr_html_() for page in pages)
    watched = open_map(f"{NOTEBOOK}{shown}", viewport={"width": 1000, "height": 1500})
    frames = [one for one in watched.page.frames if one is not watched.page.main_frame]
    for frame in frames:
        frame.wait_for_function("window.graphcrawlMap && graphcrawlMap.model.marks.length")
    return watched, frames


@pytest.mark.browser
@pytest.mark.parametrize("graph", [sample(), crawl(40, 9), hostile()], ids=["5", "40", "hostile"])
def test_a_frame_draws_the_whole_map(open_map: OpenMap, graph: ConnectionGraph) -> None:
    _, (frame,) = framed(open_map, page_of(graph))
    assert frame.evaluate("graphcrawlMap.model.marks.length") == len(graph.nodes)
    assert frame.evaluate("document.querySelector('canvas').getBoundingClientRect().height") > 200


@pytest.mark.browser
def test_a_frame_reaches_nothing_of_the_notebook(open_map: OpenMap) -> None:
    watched, frames = framed(open_map, page_of(sample()), page_of(sample()))
    assert len(frames) == 2
    for frame in frames:
        tried = "() => { try { return parent.document.title } catch (e) { return e.name } }"
        assert frame.evaluate(tried) == "SecurityError"
    assert watched.page.title() == "Notebook"
    assert watched.page.inner_text("#secret") == "of the notebook"


@pytest.mark.browser
def test_a_frame_answers_like_the_page(open_map: OpenMap) -> None:
    watched, (frame,) = framed(open_map, page_of(sample()))
    frame.locator("#query").fill("youtube")
    frame.locator("#query").press("Enter")
    watched.settle()
    assert "youtube" in frame.locator("#panel").inner_text().casefold()


def test_a_page_is_text_a_file_and_says_how_large_it_is(tmp_path: Path) -> None:
    page = page_of(sample())
    page.save(tmp_path / "maps" / "sample.html")
    assert (tmp_path / "maps" / "sample.html").read_text("utf-8") == str(page) == page.html
    assert repr(page).startswith("<MapPage of ")
    assert "nasa" not in repr(page)
    strange = tmp_path / "thesis.html"
    strange.write_text("mine")
    with pytest.raises(FileRefused, match="force"):
        page.save(strange)
    assert strange.read_text() == "mine"
