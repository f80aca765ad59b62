"""Values as XML 1.0 holds them, exact and inert; written by hand, since trees take memory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from graphcrawl.cells import ACTING, escaped
from graphcrawl.export.contents import Kind
from graphcrawl.export.spelling import SPELT, Spelling

HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'

# What no XML 1.0 file may hold, not even as a reference.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# Breaks and tabs too: a reader takes bare ones in an attribute for blanks. The acting ones are
# allowed, and mean the same as references, which act on no terminal.
_REFERRED: Final = re.compile(f"""[&<>"\t\n\r{ACTING}]""")
_NAMES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def text(value: str) -> str:
    """Write a text as an attribute's value or an element's content.

    What XML cannot hold stands as an escape, which `graphcrawl.cells.unescaped` undoes.

    Examples
    --------
    >>> text('<"\\x08">')
    '&lt;&quot;\\\\x08&quot;&gt;'
    """
    return _REFERRED.sub(_reference, escaped(value, _is_unfit))


def _is_unfit(character: str) -> bool:
    return _UNFIT.match(character) is not None


def _reference(found: re.Match[str]) -> str:
    return _NAMES.get(found[0]) or f"&#x{ord(found[0]):x};"


WORDS: Final[Mapping[Kind, Spelling]] = {**SPELT, Kind.TEXT: text}
"""How a value that is not None is written."""
