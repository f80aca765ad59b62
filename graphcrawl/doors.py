"""Doors of rooms with many themes: a theme is loaded when something of it is first asked for.

A command needs few of them, and all together take longer to import than most commands to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module


def door(room: str, themes: Mapping[str, str]) -> Callable[[str], object]:
    """Give a room's ``__getattr__`` (PEP 562).

    Parameters
    ----------
    room : str
        The package's full name.
    themes : mapping of str to str
        By module of the room, the names that it offers, with blanks between. None may be a
        module's name too: once that is imported, it would stand for the other.

    Examples
    --------
    >>> door("graphcrawl", {"wording": "plural printable"})("plural")(2, "seed")
    '2 seeds'
    """
    places = {name: theme for theme, names in themes.items() for name in names.split()}

    def look(name: str) -> object:
        if name not in places:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        return getattr(import_module(f"{room}.{places[name]}"), name)

    return look
