"""A real headless Chromium, and a page in it that is watched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Page,
    Playwright,
    Route,
    sync_playwright,
)

from graphcrawl.graph import ConnectionGraph
from tests.conftest import FacebookPages
from tests.map.graphs import facebook

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HARMLESS = ("file:", "data:", "blob:", "about:")
# Software canvas, as on a machine without a graphics card; root needs the second.
FLAGS = ["--disable-gpu", "--no-sandbox"]

CLIPBOARD = ["clipboard-read", "clipboard-write"]
STILL = {"reduced_motion": "reduce"}


@dataclass
class Watched:
    """A page with everything that it should not have done."""

    page: Page
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Wait until the map is drawn."""
        self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def spot(self, index: int) -> tuple[float, float]:
        """Return where a mark lies, in pixels of the window."""
        x, y = self.page.evaluate(
            """(index) => {
              const { network, model, place } = graphcrawlMap, { x, y } = model.marks[index];
              const spot = network.canvasToDOM({ x, y }), box = place.getBoundingClientRect();
              return [spot.x + box.x, spot.y + box.y];
            }""",
            index,
        )
        return float(x), float(y)


def _executable(playwright: Playwright) -> str | None:
    own = playwright.chromium.executable_path
    return next((found for found in map(shutil.which, NAMES) if found), None) or (
        own if Path(own).exists() else None
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        executable = _executable(playwright)
        if executable is None:
            message = "no Chromium is installed"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def facebook_crowd(facebook_pages: FacebookPages) -> ConnectionGraph:
    return facebook(facebook_pages.nodes.parent, seed="54971236771", depth=2)


OpenMap = Callable[..., Watched]


@pytest.fixture
def open_map(chromium: Browser, tmp_path: Path) -> Iterator[OpenMap]:
    """Open HTML from a file; when the test ends, nothing may have left the page or gone wrong."""
    opened: list[Watched] = []

    def _open(html: str, **context: Any) -> Watched:
        file = tmp_path / f"map-{len(opened)}.html"
        file.write_text(html, encoding="utf-8", newline="\n")
        screen = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **context})
        watched = Watched(screen.new_page())
        opened.append(watched)
        _watch(watched)
        watched.page.goto(file.as_uri())
        watched.settle()
        return watched

    yield _open
    for watched in opened:
        watched.page.context.close()
    for watched in opened:
        assert watched.asked == []
        assert watched.faults == []
        assert watched.dialogs == []


def _watch(watched: Watched) -> None:
    def _refuse(route: Route) -> None:
        watched.asked.append(route.request.url)
        route.abort()

    def _hear(said: ConsoleMessage) -> None:
        if said.type == "error":
            watched.faults.append(said.text)

    def _dismiss(dialog: Dialog) -> None:
        watched.dialogs.append(dialog.message)
        dialog.dismiss()

    page = watched.page
    page.context.route(lambda url: not url.startswith(HARMLESS), _refuse)
    page.on("pageerror", lambda error: watched.faults.append(str(error)))
    page.on("console", _hear)
    page.on("dialog", _dismiss)
