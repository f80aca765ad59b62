"""One page in a headless Chromium of its own: when it is shown, how many frames it pans with."""

from __future__ import annotations

import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, Playwright
from playwright.sync_api import TimeoutError as TooLate

FLAGS: Final = ("--disable-gpu", "--no-sandbox", "--disable-background-networking")
"""Drawing in software, as on a machine without a graphics card; root needs the second."""

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCREEN: Final = (1280, 800)
GIVEN_UP: Final = 60.0
"""Seconds."""

PANNED: Final = 3.0
"""Seconds."""

# Two frames after the marks were placed, the frame that drew them has been handed on; reading one
# pixel of each canvas then waits until it has really been drawn.
SHOWN: Final = """(() => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const drawn = (canvas) => {
        const flat = canvas.getContext("2d");
        if (flat) return flat.getImageData(0, 0, 1, 1);
        const gl = canvas.getContext("webgl2") || canvas.getContext("webgl");
        gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    };
    (READY).then(frame).then(frame).then(() => {
        document.querySelectorAll("canvas").forEach(drawn);
        console.info("shown after", performance.now());
    });
})()"""

COUNT: Final = """() => {
    window.frames_ = [];
    const frame = (at) => { window.frames_.push(at); requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
}"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a page.

    Attributes
    ----------
    shown : float or None
        Seconds from navigation to the first frame with all marks; None: given up.
    frames : float or None
        Frames a second while it was panned.
    still : bool
        Whether what was shown at first stayed as it was.
    """

    shown: float | None
    frames: float | None
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
        context.add_init_script(SHOWN.replace("READY", ready))
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
        return Seen(None, None, still=False)
    found = re.search(r"[\d.]+", said.value.text)
    assert found is not None
    first = page.screenshot(path=picture)
    page.wait_for_timeout(1000)
    still = page.screenshot() == first
    return Seen(float(found[0]) / 1000, _panned(page, spot), still=still)


def _panned(page: Page, spot: str) -> float:
    """Drag with the mouse, to and fro; return frames a second."""
    x, y = page.evaluate(spot)
    page.mouse.move(x, y)
    page.mouse.down()
    before = page.screenshot()
    page.evaluate(COUNT)
    began, step = time.perf_counter(), 0
    while time.perf_counter() - began < PANNED:
        step += 1
        # Triangles of unlike lengths: the view never stands still, nor leaves the marks.
        page.mouse.move(x - _swing(step * 9, 260), y + _swing(step * 5, 180))
        page.wait_for_timeout(8)
    times: list[float] = page.evaluate("window.frames_")
    if page.screenshot() == before:
        raise SystemExit("dragging moved nothing: its frames tell nothing")
    page.mouse.up()
    return (len(times) - 1) / (times[-1] - times[0]) * 1000


def _swing(at: int, width: int) -> int:
    return width - abs(at % (2 * width) - width)
