"""A node's attributes as an account: who it is, and what is known of whom it lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from graphcrawl.imports import values
from graphcrawl.imports.fields import Picked
from graphcrawl.incoming import IncomingNode

VISITS: Final = frozenset({"queued", "claimed", "done", "failed", "deferred", "skipped"})

NOT_TOLD: Final = "import"
"""Cause of a skipped visit: the file says that it does not hold whom the account lists."""

PRIVATE: Final = "private"

STANDINGS: Final[Mapping[str, str]] = {
    "asked": "done",
    "unasked": "skipped",
    "waiting": "queued",
    "failed": "failed",
    PRIVATE: "skipped",
}
"""What our exports call a visit, and a visit of that kind."""

_STANDING_NAMES: Final = frozenset(STANDINGS)
_BETWEEN_TAGS: Final = ","

Told = Mapping[str, object]


def account_of(
    key: int,
    identity: str,
    attributes: Told,
    picked: Picked,
    own: Mapping[str, str],
    *,
    network: str,
    ours: bool,
) -> IncomingNode:
    """Read an account.

    Parameters
    ----------
    key : int
        To be its key in the database.
    identity : str
        What edges call it; its ID, where no attribute tells one.
    attributes : mapping
    picked : mapping
        Which of them tell what.
    own : mapping of str to str
        Which of them are columns of the user's own, and their names.
    network : str
        What it is on where no attribute says it.
    ours : bool
        Whether graphcrawl wrote it: then what is not told is not known.

    Raises
    ------
    ValueError
        If a value is none of its kind; the message says which.
    """
    told = {field: attributes[name] for field, name in picked.items()}
    text, get = values.text, told.get
    has_identity = ours or "social_id" in told
    social_id = text(get("social_id")) if has_identity else identity
    username = text(get("username")) or (None if has_identity else identity)
    if social_id is None and username is None:
        raise ValueError("neither a social_id nor a username")
    visit, cause = _standing(told)
    expanded_at = values.moment("expanded_at", get("expanded_at"))
    return IncomingNode(
        key=key,
        network=text(get("network")) or network,
        social_id=social_id,
        username=username,
        title=text(get("title")),
        avatar_url=text(get("avatar_url")),
        subscribers_count=values.count("subscribers", get("subscribers")),
        er=values.number("er", get("er")),
        state=text(get("state")),
        depth=values.count("depth", get("depth")),
        visit=visit,
        cause=cause,
        whole=expanded_at is not None or (not ours and visit == "done" and cause is None),
        answered_at=expanded_at,
        first_seen_at=values.moment("first_seen_at", get("first_seen_at")),
        last_seen_at=values.moment("last_seen_at", get("last_seen_at")),
        tags=_tags(text(get("tags"))),
        note=text(get("note")),
        own={
            column: value
            for name, column in own.items()
            if column and (value := values.own(attributes[name])) is not None
        },
    )


def _standing(told: Told) -> tuple[str, str | None]:
    """Say what is known of whom an account lists: all that the file holds, unless it says less."""
    cause = values.text(told.get("cause"))
    visit = values.word("visit", told.get("visit"), VISITS)
    if visit is not None:
        return visit, cause
    standing = values.word("standing", told.get("standing"), _STANDING_NAMES)
    if standing is not None:
        # Private is a state that was heard of, or what asking gave; then that is the cause.
        refused = standing == cause == PRIVATE
        return "failed" if refused else STANDINGS[standing], cause
    if values.flag("asked", told.get("asked")) is False:
        return "skipped", cause or NOT_TOLD
    return "done", cause


def _tags(written: str | None) -> tuple[str, ...]:
    words = (tag.strip() for tag in (written or "").split(_BETWEEN_TAGS))
    return tuple(dict.fromkeys(word for word in words if word))
