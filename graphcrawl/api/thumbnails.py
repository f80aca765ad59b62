"""A fetched image becomes a small one of our own: decoded, cropped, and written anew.

What is kept holds nothing of the file but its pixels: no metadata, no second file behind the
first, no bytes of a stranger's choosing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Final

from graphcrawl.api.image_header import (
    ImageHeader,
    ImageKind,
    count_scans,
    read_header,
    without_metadata,
)
from graphcrawl.model import Thumbnail

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

SIDE: Final = 96
"""Pixels of a thumbnail's width and height: sharp in the largest mark of a map."""

LONGEST_SIDE: Final = 2_048
"""Pixels of an image that is decoded at all; the vendor's own are 150 wide."""

MOST_SCANS: Final = 100
"""Of a JPEG, which goes over all its pixels in each; progressive ones have about ten."""

_QUALITY: Final = 80
_PAPER: Final = (255, 255, 255)


def can_make_thumbnails() -> bool:
    """Tell whether Pillow, the extra ``avatars``, is installed."""
    return find_spec("PIL") is not None


def make_thumbnail(data: bytes) -> Thumbnail | None:
    """Make a square JPEG of an image's middle.

    Parameters
    ----------
    data : bytes
        Whatever came.

    Returns
    -------
    Thumbnail or None
        The same for the same bytes and version of Pillow; None for what is no image of the kinds
        of `ImageKind`, is larger than is decoded here, or is damaged.
    """
    header = read_header(data)
    if header is None or not _is_decoded(data, header):
        return None
    try:
        return _made(data, header)
    except Exception:
        # Decoders end in errors of every kind on a hostile file; there is just no picture then.
        return None


def _is_decoded(data: bytes, header: ImageHeader) -> bool:
    return max(header.width, header.height) <= LONGEST_SIDE and (
        header.kind is not ImageKind.JPEG or count_scans(data) <= MOST_SCANS
    )


def _made(data: bytes, header: ImageHeader) -> Thumbnail | None:
    from PIL import Image, ImageOps

    with _opened(data, header.kind) as image:
        # A file may tell another size further on.
        if max(image.size) > LONGEST_SIDE:
            return None
        image.draft("RGB", (SIDE, SIDE))
        flat = _flat(image)
    square = ImageOps.fit(flat, (SIDE, SIDE), Image.Resampling.LANCZOS)
    # Pillow would write the file's comment into ours.
    square.info.clear()
    written = BytesIO()
    square.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return Thumbnail("image/jpeg", written.getvalue())


def _opened(data: bytes, kind: ImageKind) -> ImageFile:
    """Give a file to the decoder of its kind and to no other.

    Pillow's own `open` would try others, and print a warning where a size is suspicious.
    """
    from PIL.GifImagePlugin import GifImageFile
    from PIL.JpegImagePlugin import JpegImageFile
    from PIL.PngImagePlugin import PngImageFile
    from PIL.WebPImagePlugin import WebPImageFile

    file = BytesIO(without_metadata(data) if kind is ImageKind.JPEG else data)
    plugins: Mapping[ImageKind, Callable[[BytesIO], ImageFile]] = {
        ImageKind.PNG: PngImageFile,
        ImageKind.JPEG: JpegImageFile,
        ImageKind.GIF: GifImageFile,
        ImageKind.WEBP: WebPImageFile,
    }
    return plugins[kind](file)


def _flat(image: Image) -> Image:
    """Decode, and lay what is transparent on white."""
    from PIL import Image as images

    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = images.new("RGB", layer.size, _PAPER)
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper
