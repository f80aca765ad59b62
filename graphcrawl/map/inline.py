"""A map as a notebook shows it: in a frame that can reach nothing of the notebook."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from graphcrawl.map.writing import write_page

HEIGHT: Final = 640
"""Pixels of the frame; its width is the notebook's."""

_SANDBOX: Final = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"


@dataclass(frozen=True, slots=True, repr=False)
class MapPage:
    """A page that shows a graph.

    Attributes
    ----------
    html : str
        The whole page; it needs no other file.
    """

    html: str

    def save(self, path: str | Path, *, force: bool = False) -> None:
        """Write the page; one of ours that is there is replaced, another file with `force` only.

        Raises
        ------
        FileRefused
            If something else is in the way, or the path cannot be written.
        """
        write_page(self.html, Path(path), force=force)

    def __str__(self) -> str:
        return self.html

    def __repr__(self) -> str:
        size = len(self.html.encode()) / 1_000_000
        return f"<MapPage of {size:.1f} MB; its save(path) writes it>"

    def _repr_html_(self) -> str:
        # Without allow-same-origin the page is a stranger to the notebook: it can neither read
        # it nor act in it, whatever an account is called.
        return (
            f'<iframe sandbox="{_SANDBOX}" srcdoc="{escape(self.html)}" title="graphcrawl map" '
            f'style="width:100%;height:{HEIGHT}px;border:0"></iframe>'
        )
