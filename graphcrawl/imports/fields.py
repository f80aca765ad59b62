"""Which attributes of a file tell what of an account or a connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from graphcrawl.csv_files import Columns
from graphcrawl.errors import InputError
from graphcrawl.wording import printable, storable

Names = Mapping[str, tuple[str, ...]]
"""By what is told, the names that may tell it: the first that is there counts."""

OUR_NODE: Final[Names] = {
    "social_id": ("social_id",),
    "username": ("username",),
    "title": ("title",),
    "network": ("network",),
    "subscribers": ("followers",),
    "er": ("er",),
    "state": ("state",),
    "depth": ("depth",),
    "standing": ("standing",),
    "cause": ("cause",),
    "asked": ("asked",),
    "expanded_at": ("expanded_at",),
    "first_seen_at": ("first_seen_at",),
    "last_seen_at": ("last_seen_at",),
    "tags": ("tags",),
    "note": ("note",),
}

NODE: Final[Names] = {
    **OUR_NODE,
    # Gephi and yEd have labels, igraph names. In our own files a label is there without a title.
    "title": ("title", "label", "name"),
    "subscribers": ("subscribers", "subscribers_count", "followers"),
    "avatar_url": ("avatar_url",),
    "visit": ("visit",),
}

EDGE: Final[Names] = {
    "position": ("position",),
    "certainty": ("certainty",),
    "type": ("type",),
    "first_seen_at": ("first_seen_at",),
    "last_seen_at": ("last_seen_at",),
    "removed_at": ("removed_at",),
}

ENDS: Final = frozenset(
    {"origin", "source_network", "source_username", "target_network", "target_username"}
)
"""What our own tables of connections tell of their ends, and of whose data they are."""

OF_OURS: Final = frozenset(
    {
        *(name for names in OUR_NODE.values() for name in names),
        *("id", "label", "cluster", "cluster_name", "creator", "creator_confidence", "origin"),
        *("source", "target"),
    }
)
"""Names in our own exports; a user's column of such a name has `OWN` before it there."""

OWN: Final = "own_"

Picked = Mapping[str, str]
"""By what is told, the name of the attribute that tells it."""

_MOST_KEPT: Final = 4_096
_LONGEST_LIST: Final = 300


class Fields:
    """Finds attributes by the names that were chosen, or by the usual ones, whatever their case.

    Parameters
    ----------
    columns : Columns
        Names that were chosen.
    """

    def __init__(self, columns: Columns) -> None:
        chosen = ("username", "title", "network", "subscribers")
        self._chosen = {one: name for one in chosen if (name := getattr(columns, one)) is not None}
        self._names: dict[str, None] = {}
        self._kept: dict[tuple[tuple[str, ...], int], Picked] = {}
        self._rest: dict[tuple[tuple[str, ...], bool], tuple[str, ...]] = {}
        self._own: dict[tuple[tuple[str, ...], bool], Mapping[str, str]] = {}

    def of_node(self, names: Iterable[str], *, ours: bool) -> Picked:
        """Say which of a node's attributes tell what."""
        return self._of(tuple(names), OUR_NODE if ours else NODE)

    def of_edge(self, names: Iterable[str]) -> Picked:
        """Say which of an edge's attributes tell what."""
        return self._of(tuple(names), EDGE)

    def rest_of_edge(self, names: Iterable[str], picked: Picked, *, ours: bool) -> tuple[str, ...]:
        """Say which of an edge's attributes tell nothing that a connection has."""
        key = (tuple(names), ours)
        rest = self._rest.get(key)
        if rest is None:
            if len(self._rest) > _MOST_KEPT:
                self._rest.clear()
            told = {*picked.values(), *(ENDS if ours else ())}
            rest = tuple(name for name in key[0] if name not in told)
            self._rest[key] = rest
        return rest

    def _of(self, names: tuple[str, ...], usual: Names) -> Picked:
        picked = self._kept.get((names, id(usual)))
        if picked is None:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            if usual is not EDGE:
                self._names.update(dict.fromkeys(names))
            picked = _pick(names, usual, {} if usual is EDGE else self._chosen)
            self._kept[names, id(usual)] = picked
        return picked

    def own(self, names: Iterable[str], picked: Picked, *, ours: bool) -> Mapping[str, str]:
        """Say which attributes are the user's own: by the name in the file, the column's name."""
        key = tuple(names)
        own = self._own.get((key, ours))
        if own is None:
            if len(self._own) > _MOST_KEPT:
                self._own.clear()
            told = OF_OURS if ours else frozenset(picked.values())
            own = {
                name: storable(own_name(name) if ours else name) for name in key if name not in told
            }
            self._own[key, ours] = own
        return own

    def require_chosen(self, path: str) -> None:
        """Refuse a chosen attribute that no node had.

        Raises
        ------
        InputError
        """
        for field, name in self._chosen.items():
            if name not in self._names:
                there = printable(", ".join(self._names) or "none", _LONGEST_LIST)
                raise InputError(f"{path}: no attribute {name!r}; it has {there}; see --{field}")


def own_name(name: str) -> str:
    """Give the name of a user's column that an export of ours may have put `OWN` before."""
    plain = name
    while plain.startswith(OWN):
        plain = plain.removeprefix(OWN)
    return name.removeprefix(OWN) if plain.casefold() in OF_OURS else name


def _pick(names: tuple[str, ...], usual: Names, chosen: Mapping[str, str]) -> Picked:
    folded = _folded(names)
    picked: dict[str, str] = {}
    for field, candidates in usual.items():
        if field in chosen:
            found = [chosen[field]] if chosen[field] in names else []
        else:
            found = [folded[name] for name in candidates if name in folded]
        if found:
            picked[field] = found[0]
    return picked


def _folded(names: Iterable[str]) -> dict[str, str]:
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(name.casefold(), name)
    # One that is spelt as usual comes before others that differ in case.
    return folded | {name: name for name in names if name == name.casefold()}


def chosen_names(columns: Columns) -> set[str]:
    """Give the attributes that were chosen to tell of accounts."""
    told = (columns.username, columns.title, columns.network, columns.subscribers)
    return {name for name in told if name is not None}


def usual_column(header: Iterable[str], chosen: str | None, usual: str) -> str | None:
    """Give the name of a column: the chosen one, else that of a usual name in any case, if any."""
    return _folded(header).get(usual) if chosen is None else chosen
