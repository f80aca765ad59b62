"""The columns of every export, in their order, each with its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from graphcrawl.export.contents import Column, Kind

NODE: Final = (
    Column("id", Kind.WHOLE, "The account's key in the database (nodes.id)."),
    Column("label", Kind.TEXT, "What it is called: its title, else its username, else its ID."),
    Column("network", Kind.TEXT, "instagram, youtube, twitter, tiktok, twitch, snapchat..."),
    Column("social_id", Kind.TEXT, "The vendor's report ID; with network it is the identity."),
    Column("username", Kind.TEXT, "As it is now; may change hands."),
    Column("title", Kind.TEXT, "Free text from the account."),
    Column("followers", Kind.WHOLE, "Followers, as the newest answer told."),
    Column("er", Kind.REAL, "Engagement rate in percent."),
    Column("state", Kind.TEXT, "The report's state: READY, PRIVATE..."),
    Column("depth", Kind.WHOLE, "Hops from the nearest seed; 0 for a seed."),
    Column(
        "asked",
        Kind.FLAG,
        "Whether it was asked and answered: if not, whom it lists is "
        "not known, and a missing edge from it is no absent one.",
    ),
    Column("standing", Kind.TEXT, "asked, unasked, waiting, failed or private."),
    Column(
        "cause",
        Kind.TEXT,
        "Why it was not asked or gave no answer (rim, not-found, "
        "private...), or what its answer left out (cut, ring).",
    ),
    Column("cluster", Kind.WHOLE, "Its cluster's number, as graphcrawl clusters gives it."),
    Column("cluster_name", Kind.TEXT, "Its cluster's name."),
    Column("creator", Kind.TEXT, "Whose account it is, where it has one of several of an owner."),
    Column("creator_confidence", Kind.TEXT, "How sure that is: low, likely or strong."),
    Column("first_seen_at", Kind.MOMENT, "First held by an answer, or seeded."),
    Column("last_seen_at", Kind.MOMENT, "Last held by an answer, to the hour."),
    Column("expanded_at", Kind.MOMENT, "The newest whole answer to asking for it."),
    Column(
        "tags",
        Kind.TEXT,
        "The user's tags, in alphabetical order, a comma and a blank between them.",
    ),
    Column("note", Kind.TEXT, "The user's note."),
)

EDGE: Final = (
    Column("source", Kind.WHOLE, "The id of the account that lists the other."),
    Column("target", Kind.WHOLE, "The id of the listed account."),
    Column(
        "certainty",
        Kind.TEXT,
        "mutual: each lists the other (two rows); one-way: the target "
        "was asked and does not list the source; unknown: it gave no answer.",
    ),
    Column("position", Kind.WHOLE, "From 0, in the order of the source's answer."),
    Column("first_seen_at", Kind.MOMENT, "When an answer first held it."),
    Column("last_seen_at", Kind.MOMENT, "When an answer last held it."),
    Column(
        "removed_at",
        Kind.MOMENT,
        "When a later answer no longer held it; only in the export "
        "of one crawl, since others hold standing edges alone.",
    ),
)

ENDS: Final = (
    Column("source_network", Kind.TEXT, "The source's network."),
    Column("source_username", Kind.TEXT, "The source's username."),
    Column("target_network", Kind.TEXT, "The target's network."),
    Column("target_username", Kind.TEXT, "The target's username."),
)
"""In tables of edges that people read by themselves."""

ORIGIN: Final = Column("origin", Kind.TEXT, "vendor, simulated or imported: whose data it is.")

OWN: Final = "own_"
"""What a column of the user's own gets before its name where ours has that name."""


def own_names(names: Iterable[str]) -> Iterator[str]:
    """Give names to columns of the user's own that no column of ours has.

    Examples
    --------
    >>> list(own_names(["topic", "state", "own_state"]))
    ['topic', 'own_state', 'own_own_state']
    """
    ours = {column.name for column in (*NODE, ORIGIN)} | {"source", "target"}
    for name in names:
        plain = name
        while plain.startswith(OWN):
            plain = plain.removeprefix(OWN)
        yield f"{OWN}{name}" if plain.casefold() in ours else name
