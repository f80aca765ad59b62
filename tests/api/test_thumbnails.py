from __future__ import annotations

import sys
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from graphcrawl.api.image_header import read_header
from graphcrawl.api.thumbnails import SIDE, can_make_thumbnails, make_thumbnail
from tests.api.images import KINDS, bomb, chunk, gif_frame, picture, png, scans, webp_canvas

SCRIPT = b"<script>alert(1)</script>"


def made(data: bytes) -> Image.Image:
    thumbnail = make_thumbnail(data)
    assert thumbnail is not None
    assert thumbnail.media_type == "image/jpeg"
    assert len(thumbnail.content) < 20_000
    image = Image.open(BytesIO(thumbnail.content), formats=["JPEG"])
    assert image.size == (SIDE, SIDE)
    return image.convert("RGB")


def near(one: object, other: tuple[int, int, int]) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) < 25 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(150, 150), (400, 90), (30, 30), (1, 1), (2048, 8)])
def test_an_image_becomes_a_small_square_of_its_middle(kind: str, size: tuple[int, int]) -> None:
    image = made(picture(kind, *size))
    if size[0] > 1:
        assert near(image.getpixel((SIDE // 4, SIDE // 2)), (220, 30, 30))
        assert near(image.getpixel((3 * SIDE // 4, SIDE // 2)), (30, 30, 220))


def test_the_same_image_gives_the_same_bytes() -> None:
    assert make_thumbnail(picture("PNG")) == make_thumbnail(picture("PNG"))


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_what_is_transparent_lies_on_white(kind: str) -> None:
    written = BytesIO()
    Image.new("RGBA", (60, 60), (200, 0, 0, 0)).save(written, kind)
    assert near(made(written.getvalue()).getpixel((9, 9)), (255, 255, 255))


@pytest.mark.parametrize(
    "data",
    [
        picture("JPEG", comment=SCRIPT, exif=b"Exif\0\0" + SCRIPT),
        picture("JPEG") + SCRIPT,
        picture("GIF", comment=SCRIPT) + SCRIPT,
        picture("PNG")[:33] + chunk(b"tEXt", b"Comment\0" + SCRIPT) + picture("PNG")[33:],
        picture("WEBP", exif=b"Exif\0\0" + SCRIPT, xmp=SCRIPT),
    ],
    ids=["comment", "after", "gif", "text", "webp"],
)
def test_nothing_hidden_in_a_file_is_kept(data: bytes) -> None:
    assert SCRIPT in data
    thumbnail = make_thumbnail(data)
    assert thumbnail is not None
    assert b"script" not in thumbnail.content


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!doctype html><p>not here</p>",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script/></svg>",
        picture("PNG")[:60],
        picture("JPEG")[:300],
        b"\xff\xd8\xff<script>alert(1)</script>",
        b"GIF89a/*" + SCRIPT + bytes(40),
    ],
    ids=["nothing", "html", "svg", "cut-png", "cut-jpeg", "jpeg-html", "gif-html"],
)
def test_what_is_no_whole_image_gives_none(data: bytes) -> None:
    assert make_thumbnail(data) is None


@pytest.mark.parametrize(
    "data",
    [
        bomb(12_000),
        png((50_000, 50_000), pixels=b""),
        bomb(3_000, told=9),
        webp_canvas(16_384, 16_384),
        gif_frame(16_000, 16_000),
        picture("PNG", 2_049, 1),
        scans(3_000),
    ],
    ids=["bomb", "told", "told-twice", "webp", "gif", "long", "scans"],
)
def test_what_would_be_large_is_never_decoded(data: bytes) -> None:
    assert len(data) < 524_288
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert make_thumbnail(data) is None
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 60_000 * (1024 if sys.platform == "darwin" else 1), "kilobytes"


@settings(max_examples=200)
@given(st.sampled_from(KINDS), st.binary(min_size=1, max_size=12), st.integers(0, 5000))
def test_a_damaged_image_gives_one_of_ours_or_none(kind: str, noise: bytes, at: int) -> None:
    image = picture(kind)
    at = 8 + at % (len(image) - 8)
    thumbnail = make_thumbnail(image[:at] + noise + image[at + len(noise) :])
    if thumbnail is not None:
        header = read_header(thumbnail.content)
        assert header is not None
        assert (header.width, header.height) == (SIDE, SIDE)


def test_pillow_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert can_make_thumbnails()
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert not can_make_thumbnails()
