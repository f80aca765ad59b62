"""Images as servers send them: proper ones, and those that someone has built on purpose."""

from __future__ import annotations

import zlib
from io import BytesIO
from struct import pack
from typing import Any

from PIL import Image

KINDS = ("PNG", "JPEG", "GIF", "WEBP")


def picture(kind: str, width: int = 150, height: int = 150, **how: Any) -> bytes:
    """An image with something to see: its left half is red, its right one blue."""
    image = Image.new("RGB", (width, height), (220, 30, 30))
    image.paste((30, 30, 220), (width // 2, 0, width, height))
    written = BytesIO()
    image.save(written, kind, **how)
    return written.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))


def png(*sizes: tuple[int, int], pixels: bytes | None = None) -> bytes:
    """A grey PNG that tells its size; several times, if several are given."""
    if pixels is None:
        pixels = zlib.compress(b"".join(b"\0" + bytes(sizes[0][0]) for _ in range(sizes[0][1])))
    heads = [chunk(b"IHDR", pack(">IIBBBBB", *size, 8, 0, 0, 0, 0)) for size in sizes]
    ends = [chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    return b"".join([b"\x89PNG\r\n\x1a\n", *heads, *ends])


def bomb(side: int, *, told: int | None = None) -> bytes:
    """A small file that stands for a square of so many black pixels; it may tell another first."""
    packer, packed = zlib.compressobj(9), []
    for _ in range(side):
        packed.append(packer.compress(bytes(side + 1)))
    sizes = [(told or side, told or side), (side, side)]
    return png(*sizes, pixels=b"".join([*packed, packer.flush()]))


def webp_canvas(width: int, height: int) -> bytes:
    """A WebP whose header asks for a canvas of this size."""
    size = ((height - 1) << 24 | (width - 1)).to_bytes(6, "little")
    body = b"WEBPVP8X" + pack("<I", 10) + b"\x02\0\0\0" + size
    return b"RIFF" + pack("<I", len(body)) + body


def gif_frame(width: int, height: int) -> bytes:
    """A GIF of one pixel whose first picture is said to be larger."""
    data = bytearray(picture("GIF", 1, 1))
    at = data.rindex(b"\x2c\0\0\0\0")
    data[at + 5 : at + 9] = pack("<HH", width, height)
    return bytes(data)


def scans(count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    data = picture("JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * count + data[-2:]
