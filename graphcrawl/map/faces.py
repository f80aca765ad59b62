"""Accounts' own pictures in the page: which of them, and as what.

They stand in the page itself, so their bytes are bounded. Without one, the page draws a monogram.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

from graphcrawl.graph import ConnectionGraph
from graphcrawl.model import Thumbnail
from graphcrawl.wording import plural

MOST_BYTES: Final = 1_500_000
"""Of all pictures of a page together; in the page they take a third more, 2 MB."""

LARGEST: Final = 32_768
"""Bytes of one; those that we make have about 3,000."""

# The media type decides what a browser takes the bytes for, so it is not taken from the database:
# what we make is a JPEG, and what is none is not shown.
_JPEG: Final = "image/jpeg"
_JPEG_MARK: Final = b"\xff\xd8\xff"


def by_importance(graph: ConnectionGraph) -> list[int]:
    """Give the keys of the accounts whose pictures come first: seeds, then the most followed."""
    order = sorted(
        graph.nodes, key=lambda node: (node.depth != 0, -(node.subscribers_count or 0), node.id)
    )
    return [node.id for node in order]


def data_uris(thumbnails: Mapping[int, Thumbnail]) -> dict[str, str]:
    """Give pictures as the page bears them, by the accounts' keys.

    Parameters
    ----------
    thumbnails : mapping of int to Thumbnail
        What is no JPEG of ours is left out.
    """
    return {
        str(node_id): f"data:{_JPEG};base64,{base64.b64encode(one.content).decode('ascii')}"
        for node_id, one in sorted(thumbnails.items())
        if _is_ours(one)
    }


def left_out_sentence(shown: int, kept: int) -> str | None:
    """Say what of the kept pictures is not in the page, if anything is not."""
    if shown >= kept:
        return None
    return (
        f"{plural(shown, 'picture')} of {kept:,} "
        f"{'is' if shown == 1 else 'are'} in this page: of the seeds and the most followed."
    )


def _is_ours(one: Thumbnail) -> bool:
    return (
        one.media_type == _JPEG
        and len(one.content) <= LARGEST
        and one.content.startswith(_JPEG_MARK)
    )
