from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.api.image_header import ImageHeader, ImageKind, read_header, without_metadata
from tests.api.images import KINDS, bomb, gif_frame, picture, png, webp_canvas

SIDES = st.integers(1, 300)


@given(kind=st.sampled_from(KINDS), width=SIDES, height=SIDES)
def test_kind_and_size_are_those_of_the_image(kind: str, width: int, height: int) -> None:
    header = read_header(picture(kind, width, height))
    assert header == ImageHeader(ImageKind(kind.lower()), width, height)


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("JPEG", {"progressive": True, "comment": b"words"}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0words"}),
        ("GIF", {"comment": b"words"}),
    ],
)
def test_other_forms_of_the_same_kinds(kind: str, how: dict[str, object]) -> None:
    header = read_header(picture(kind, 40, 30, **how))
    assert header == ImageHeader(ImageKind(kind.lower()), 40, 30)


@given(st.sampled_from([b"", *map(picture, KINDS)]), st.binary(max_size=60), st.integers(0, 200))
def test_whatever_comes_it_is_told_or_none(image: bytes, noise: bytes, cut: int) -> None:
    for data in (noise, image[:cut], image[:cut] + noise, image[: cut % 16] + noise):
        header = read_header(data)
        assert header is None or min(header.width, header.height) > 0


@given(st.sampled_from(KINDS), st.binary(min_size=1, max_size=40), st.integers(0, 3000))
def test_changed_bytes_do_no_harm(kind: str, noise: bytes, at: int) -> None:
    image = picture(kind)
    at %= len(image)
    read_header(image[:at] + noise + image[at + len(noise) :])


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        b"<?xml version='1.0'?><svg/>",
        b"<!doctype html><title>x</title>",
        b"BM" + bytes(60),
        b"II*\0" + bytes(60),
        b"%PDF-1.7",
        b"\0\0\1\0" + bytes(60),
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"RIFF\0\0\0\0WAVEfmt " + bytes(40),
        png((0, 9), pixels=b""),
    ],
)
def test_nothing_else_is_an_image(data: bytes) -> None:
    assert read_header(data) is None


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (png((50_000, 50_000), pixels=b""), (50_000, 50_000)),
        (webp_canvas(16_384, 16_383), (16_384, 16_383)),
        (gif_frame(65_535, 65_000), (65_535, 65_000)),
        (bomb(5_000), (5_000, 5_000)),
    ],
)
def test_a_size_that_only_the_header_tells(data: bytes, size: tuple[int, int]) -> None:
    header = read_header(data)
    assert header is not None
    assert (header.width, header.height) == size


def test_a_jpeg_without_its_metadata_is_the_same_picture() -> None:
    plain = picture("JPEG", quality=80)
    dressed = picture("JPEG", quality=80, comment=b"SECRET", exif=b"Exif\0\0SECRET", dpi=(9, 9))
    assert dressed.count(b"SECRET") == 2
    assert b"SECRET" not in without_metadata(dressed)
    assert len(without_metadata(dressed)) == len(plain)
