"""One page in a headless Chromium of its own: when it is shown, how many frames it pans with."""

from __future__ import annotations

import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from map_report import GIVEN_UP
from playwright.sync_api import Page, Playwright
from playwright.sync_api import TimeoutError as TooLate

FLAGS: Final = ("--disable-gpu", "--no-sandbox", "--disable-background-networking")
"""Drawing in software, as on a machine without a graphics card; root needs the second."""

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCREEN: Final = (1280, 800)
PANNED: Final = 3.0
"""Seconds."""

PATH: Final = [(abs(at * 9 % 520 - 260) - 260, 180 - abs(at * 5 % 360 - 180)) for at in range(4680)]
"""Where the mouse goes from where it was pressed, to and fro, in pixels; never twice alike in a
run, so that the view never stands still, nor leaves the marks."""

CLOCK: Final = (Path(__file__).parent / "page_clock.js").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a page.

    Attributes
    ----------
    shown : float or None
        Seconds from navigation to the first frame with all marks; None: given up.
    frames : float or None
        Frames a second while it was panned, each with a move of its own.
    dragged : float or None
        Frames a second while the browser's driver dragged its mouse: it waits for each move to
        be dealt with, so between two moves there are frames with nothing new to draw.
    still : bool
        Whether what was shown at first stayed as it was.
    """

    shown: float | None
    frames: float | None
    dragged: float | None
    still: bool


def executable(playwright: Playwright) -> str:
    """Return the system's Chromium, or Playwright's own."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    return found or playwright.chromium.executable_path


def watch(
    playwright: Playwright, file: Path, *, ready: str, spot: str, picture: Path | None = None
) -> Seen:
    """Open a page and drag it about.

    Parameters
    ----------
    playwright : Playwright
    file : Path
    ready, spot : str
        As in `map_pages.Contestant`.
    picture : Path or None
        Where to keep what was shown first.
    """
    browser = playwright.chromium.launch(executable_path=executable(playwright), args=[*FLAGS])
    try:
        width, height = SCREEN
        # Offline, a style sheet from elsewhere fails at once instead of when it pleases.
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
        context.add_init_script(f"{CLOCK}\npageClock.shown({ready});")
        page = context.new_page()
        return _watched(page, file, spot=spot, picture=picture)
    finally:
        browser.close()


def _watched(page: Page, file: Path, *, spot: str, picture: Path | None) -> Seen:
    try:
        with page.expect_console_message(
            lambda said: said.text.startswith("shown after"), timeout=GIVEN_UP * 1000
        ) as said:
            page.goto(file.resolve().as_uri(), wait_until="commit", timeout=GIVEN_UP * 1000)
    except TooLate:
        return Seen(None, None, None, still=False)
    found = re.search(r"[\d.]+", said.value.text)
    assert found is not None
    first = page.screenshot(path=picture)
    page.wait_for_timeout(1000)
    still = page.screenshot() == first
    x, y = page.evaluate(spot)
    return Seen(float(found[0]) / 1000, _panned(page, x, y), _dragged(page, x, y), still=still)


def _panned(page: Page, x: float, y: float) -> float:
    """Move the view in every frame; return frames a second."""
    before = page.screenshot()
    frames: float = page.evaluate("(how) => pageClock.pan(...how)", [x, y, PANNED, PATH])
    _refuse_unmoved(page, before)
    page.evaluate("(spot) => pageClock.release(...spot)", [x, y])
    return frames


def _dragged(page: Page, x: float, y: float) -> float:
    """Drag with the driver's mouse; return frames a second."""
    page.mouse.move(x, y)
    page.mouse.down()
    before = page.screenshot()
    page.evaluate("pageClock.count()")
    began, step = time.perf_counter(), 0
    while time.perf_counter() - began < PANNED:
        step += 1
        right, down = PATH[step % len(PATH)]
        page.mouse.move(x + right, y + down)
        page.wait_for_timeout(8)
    frames: float = page.evaluate("pageClock.counts")
    _refuse_unmoved(page, before)
    page.mouse.up()
    return frames


def _refuse_unmoved(page: Page, before: bytes) -> None:
    if page.screenshot() == before:
        raise SystemExit("dragging moved nothing: its frames tell nothing")
