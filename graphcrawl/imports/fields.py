"""Which attributes of a file tell what of an account or a connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from graphcrawl.errors import InputError
from graphcrawl.tables import Columns
from graphcrawl.wording import printable

NODE: Final[Mapping[str, tuple[str, ...]]] = {
    "social_id": ("social_id",),
    "username": ("username",),
    "title": ("title", "label", "name"),
    "network": ("network",),
    "subscribers": ("subscribers", "subscribers_count", "followers"),
    "avatar_url": ("avatar_url",),
    "er": ("er",),
    "state": ("state",),
    "depth": ("depth",),
    "visit": ("visit",),
    "cause": ("cause",),
    "asked": ("asked",),
    "answered_at": ("expanded_at", "asked_at"),
    "first_seen_at": ("first_seen_at",),
    "last_seen_at": ("last_seen_at",),
}
"""What is told of an account: the names that may tell it, the first that is there counts."""

EDGE: Final[Mapping[str, tuple[str, ...]]] = {
    "position": ("position",),
    "certainty": ("certainty",),
    "type": ("type",),
    "first_seen_at": ("first_seen_at",),
    "last_seen_at": ("last_seen_at",),
}
"""What is told of a connection, likewise."""

Picked = Mapping[str, str]
"""By what is told, the name of the attribute that tells it."""

_LONGEST_LIST: Final = 300


class Fields:
    """Finds attributes by the names that were chosen, or by the usual ones, whatever their case.

    Parameters
    ----------
    columns : Columns
        Names that were chosen.
    """

    def __init__(self, columns: Columns) -> None:
        told = {name: getattr(columns, name) for name in ("username", "title", "network")}
        told["subscribers"] = columns.subscribers
        self._chosen = {field: name for field, name in told.items() if name is not None}
        self._names: dict[str, None] = {}
        self._picked: dict[tuple[str, ...], Picked] = {}
        self._picked_of_edges: dict[tuple[str, ...], Picked] = {}

    def of_node(self, names: Iterable[str]) -> Picked:
        """Say which of a node's attributes tell what."""
        key = tuple(names)
        if key not in self._picked:
            self._names.update(dict.fromkeys(key))
            self._picked[key] = _pick(key, NODE, self._chosen)
        return self._picked[key]

    def of_edge(self, names: Iterable[str]) -> Picked:
        """Say which of an edge's attributes tell what."""
        key = tuple(names)
        if key not in self._picked_of_edges:
            self._picked_of_edges[key] = _pick(key, EDGE, {})
        return self._picked_of_edges[key]

    def require_chosen(self, path: object) -> None:
        """Refuse a chosen attribute that no node had.

        Raises
        ------
        InputError
        """
        for field, name in self._chosen.items():
            if name not in self._names:
                there = printable(", ".join(self._names) or "none", _LONGEST_LIST)
                raise InputError(f"{path}: no attribute {name!r}; it has {there}; see --{field}")


def _pick(
    names: tuple[str, ...], usual: Mapping[str, tuple[str, ...]], chosen: Mapping[str, str]
) -> Picked:
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(name.casefold(), name)
    picked: dict[str, str] = {}
    for field, candidates in usual.items():
        if field in chosen:
            found = [chosen[field]] if chosen[field] in names else []
        else:
            found = [folded[name] for name in candidates if name in folded]
        if found:
            picked[field] = found[0]
    return picked


def usual_column(header: Iterable[str], chosen: str | None, *usual: str) -> str | None:
    """Give the column that holds something: the chosen one, else one of a usual name in any case.

    Returns
    -------
    str or None
        None where there is none of them, or the exact usual name is there.
    """
    if chosen is not None:
        return chosen
    folded: dict[str, str] = {}
    for name in header:
        folded.setdefault(name.casefold(), name)
    return next((folded[name] for name in usual if name in folded), None)
