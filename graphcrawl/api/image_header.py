"""What an image's first bytes say: which kind it is, and how large it would be when decoded.

Read by ourselves before any decoder sees the file: a few kilobytes may stand for gigabytes, and
some decoders take that memory as soon as they open it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from struct import error as TooShort
from struct import unpack_from
from typing import Final


class ImageKind(StrEnum):
    """The kinds that are read. SVG is none of them: it is a document that can hold scripts."""

    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"
    WEBP = "webp"


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """An image's kind, and its size in pixels."""

    kind: ImageKind
    width: int
    height: int


_PNG: Final = b"\x89PNG\r\n\x1a\n"
# Start of frame, but for the three markers in that range that mean something else.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN: Final = 0xDA
_NO_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xDA)})
# APP14 stays: it says how the colours are written.
_METADATA: Final = frozenset({*range(0xE1, 0xF0), 0xFE}) - {0xEE}
_GIF_EXTENSION: Final = 0x21
_GIF_IMAGE: Final = 0x2C


def read_header(data: bytes) -> ImageHeader | None:
    """Tell what an image is by its content, whatever it was called.

    Parameters
    ----------
    data : bytes
        The whole file, as it came.

    Returns
    -------
    ImageHeader or None
        None for anything but a PNG, JPEG, GIF or WebP whose size can be told. Of an animation,
        the larger of the canvas and the first picture.
    """
    try:
        found = _kind_and_size(data)
    except (TooShort, IndexError):
        return None
    if found is None or found[1] < 1 or found[2] < 1:
        return None
    return ImageHeader(*found)


def count_scans(jpeg: bytes) -> int:
    """Count how many times a JPEG's decoder will go over its pixels.

    Parameters
    ----------
    jpeg : bytes
        Within pixels, these two bytes never follow one another.
    """
    return jpeg.count(b"\xff\xda")


def without_metadata(jpeg: bytes) -> bytes:
    """Leave out what a JPEG's pixels do not need: EXIF, profiles, previews, comments.

    Parameters
    ----------
    jpeg : bytes
        One that `read_header` could read.
    """
    kept = [
        jpeg[start:end] for marker, start, end in _jpeg_segments(jpeg) if marker not in _METADATA
    ]
    return b"".join([jpeg[:2], *kept])


def _kind_and_size(data: bytes) -> tuple[ImageKind, int, int] | None:
    if data.startswith(_PNG):
        if data[12:16] != b"IHDR":
            return None
        width, height = unpack_from(">II", data, 16)
        return ImageKind.PNG, width, height
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return _gif(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    return None


def _jpeg(data: bytes) -> tuple[ImageKind, int, int] | None:
    """Find the frame's own segment, which tells its size."""
    for marker, start, _ in _jpeg_segments(data):
        if marker in _FRAMES:
            height, width = unpack_from(">HH", data, start + 5)
            return ImageKind.JPEG, width, height
    return None


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield each segment's marker and where it begins and ends, up to the pixels."""
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _SCAN:
            yield marker, at, len(data)
            return
        (length,) = unpack_from(">H", data, at + 2)
        if marker in _NO_LENGTH or length < 2:
            return
        yield marker, at, at + 2 + length
        at += 2 + length


def _gif(data: bytes) -> tuple[ImageKind, int, int] | None:
    """Go on to the first picture: it may be larger than the canvas, and decoders let it."""
    width, height, flags = unpack_from("<HHB", data, 6)
    at = 13 + _gif_colours(flags)
    while data[at] == _GIF_EXTENSION:
        at += 2
        while data[at]:
            at += 1 + data[at]
        at += 1
    if data[at] != _GIF_IMAGE:
        return None
    left, top, wide, high = unpack_from("<HHHH", data, at + 1)
    return ImageKind.GIF, max(width, left + wide), max(height, top + high)


def _gif_colours(flags: int) -> int:
    """Give the bytes of a table of colours, if there is one."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _webp(data: bytes) -> tuple[ImageKind, int, int] | None:
    kind = data[12:16]
    if kind == b"VP8X":
        size = int.from_bytes(data[24:30], "little")
        width, height = (size & 0xFFFFFF) + 1, (size >> 24) + 1
    elif kind == b"VP8L" and data[20] == 0x2F:
        (bits,) = unpack_from("<I", data, 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = (side & 0x3FFF for side in unpack_from("<HH", data, 26))
    else:
        return None
    return ImageKind.WEBP, width, height
