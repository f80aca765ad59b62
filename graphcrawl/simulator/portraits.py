"""Avatars of accounts that do not exist: patterns of squares, evidently nobody's face."""

from __future__ import annotations

import re
import zlib
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
    rows = [_row(digest, y) for y in range(SIDE)]
    # A filter byte, 0, before each row.
    pixels = b"".join(b"\0" + bytes(row) for row in rows)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", pack(">IIBBBBB", SIDE, SIDE, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", pale + dark),
            _chunk(b"IDAT", zlib.compress(pixels, 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _row(digest: bytes, y: int) -> list[int]:
    return [_is_dark(digest, _cell(x), _cell(y)) for x in range(SIDE)]


def _cell(pixel: int) -> int:
    """Give the cell that a pixel lies in; outside the pattern none of 0 to 4."""
    return (pixel - _MARGIN) // ((SIDE - 2 * _MARGIN) // _CELLS)


def _is_dark(digest: bytes, column: int, row: int) -> bool:
    if not (0 <= column < _CELLS and 0 <= row < _CELLS):
        return False
    mirrored = min(column, _CELLS - 1 - column)
    return digest[1 + row * 3 + mirrored] % 2 == 1


def _colour(hue: float, lightness: float) -> bytes:
    return bytes(round(255 * part) for part in hls_to_rgb(hue % 1.0, lightness, 0.6))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))
