"""Avatars of accounts that do not exist: patterns of squares, evidently nobody's face."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from colorsys import hls_to_rgb
from dataclasses import replace
from hashlib import sha256
from struct import pack
from typing import Final

from graphcrawl.model import Account
from graphcrawl.simulator.exchange import Response, error_response
from graphcrawl.simulator.world import AVATAR_HOST, AVATAR_PATH

SIDE: Final = 150
"""Pixels, as the documented addresses ask for (``w=150``)."""

_CELLS: Final = 5
_MARGIN: Final = 15
_CELL: Final = (SIDE - 2 * _MARGIN) // _CELLS
_AWAY: Final = f"https://{AVATAR_HOST}/"
_HOST: Final = re.compile(r"[\w.-]+(?::\d+)?|\[[\da-f:.]+\](?::\d+)?", re.ASCII | re.IGNORECASE)
_TARGET: Final = re.compile(
    rf"{AVATAR_PATH}([a-z]+)/user/([^/?]+)\.jpg\?w={SIDE}&till=\d+&sign=[0-9a-f]{{32}}"
)


def with_portrait_at(host: str, account: Account) -> Account:
    """Let an account's avatar lie on this server, under the name it was asked by.

    Those of the documented sample stay where the documentation has them.
    """
    url = account.avatar_url or ""
    if not url.startswith(_AWAY) or not _HOST.fullmatch(host):
        return account
    return replace(account, avatar_url=f"http://{host}/{url.removeprefix(_AWAY)}")


def portrait_response(target: str) -> Response:
    """Answer the request for an avatar: a PNG, though its address says otherwise, as CDNs do."""
    asked = _TARGET.fullmatch(target)
    if asked is None:
        return error_response(404, 404, "Not Found")
    return Response(200, portrait(asked[1], asked[2]), "image/png")


def portrait(network: str, social_id: str) -> bytes:
    """Draw an account's pattern.

    Returns
    -------
    bytes
        A PNG of two colours, the same for the same account; its left half mirrors the right.
    """
    digest = sha256(f"{network}/{social_id}".encode()).digest()
    hue = digest[0] / 256
    dark, pale = _colour(hue, 0.42), _colour(hue + 0.5, 0.9)
    edge = _line(bytes(_CELLS)) * _MARGIN
    pixels = b"".join([edge, *(_line(cells) * _CELL for cells in _pattern(digest)), edge])
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", pack(">IIBBBBB", SIDE, SIDE, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", pale + dark),
            _chunk(b"IDAT", zlib.compress(pixels, 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _pattern(digest: bytes) -> Iterator[bytes]:
    """Yield the rows of cells, each 1 for dark or 0; the right half mirrors the left."""
    for row in range(_CELLS):
        half = bytes(byte % 2 for byte in digest[1 + 3 * row : 4 + 3 * row])
        yield half + half[1::-1]


def _line(cells: bytes) -> bytes:
    """Give one row of pixels, after the byte that says it is not filtered."""
    margin = bytes(_MARGIN)
    return b"".join([b"\0", margin, *(bytes([cell]) * _CELL for cell in cells), margin])


def _colour(hue: float, lightness: float) -> bytes:
    return bytes(round(255 * part) for part in hls_to_rgb(hue % 1.0, lightness, 0.6))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))
