"""Accounts as ``path``, ``between``, ``show`` and ``similar`` take them, and write them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from graphcrawl.addresses import SoughtAccount, parse_sought
from graphcrawl.cli.listing import Format
from graphcrawl.cli.sources import of_origin
from graphcrawl.model import Origin
from graphcrawl.wording import printable

if TYPE_CHECKING:
    from graphcrawl.findings import Membership, Subject
    from graphcrawl.graph import Node
    from graphcrawl.graph.conditions import Filter

ACCOUNT_COLUMNS: Final = (
    *("account", "id", "network", "social_id", "username", "title", "followers", "asked"),
)
"""What every listing tells of an account; a table tells less of it."""

CLUSTER_COLUMNS: Final = ("cluster", "cluster_name")
"""An account's stored cluster; a table has room for the number alone."""

LIMIT: Final = 20


def sought(accounts: Iterable[str], network: str | None, *, by_id: bool) -> list[SoughtAccount]:
    """Read accounts as they were typed."""
    return [parse_sought(one, network=network, by_id=by_id) for one in accounts]


def conditions(filters: Sequence[str] | None) -> tuple[Filter, ...]:
    """Read what ``--filter`` was given."""
    from graphcrawl.graph.conditions import parse_filter

    return tuple(map(parse_filter, filters or []))


def account_cells(node: Node) -> dict[str, object]:
    """Give what every listing tells of an account."""
    return {
        "account": str(node),
        "id": node.id,
        "network": node.network,
        "social_id": node.social_id,
        "username": node.username,
        "title": node.title,
        "followers": node.subscribers_count,
        "asked": asked(node),
    }


def cluster_cells(held: Membership | None) -> dict[str, object]:
    """Give an account's stored cluster; nothing where it has none."""
    values = (None, None) if held is None else (held.cluster, held.name)
    return dict(zip(CLUSTER_COLUMNS, values, strict=True))


def asked(node: Node) -> str:
    """Say whether an account told its connections, and what kept it from that."""
    if node.visit == "done":
        return "yes"
    return (node.cause or "failed") if node.visit == "failed" else "no"


def tags_cell(tags: Sequence[str], form: Format) -> object:
    """Give tags as a list where the format has lists, else as exports write them."""
    return list(tags) if form in (Format.JSON, Format.JSONL) else ", ".join(tags) or None


def say_former(subjects: Iterable[Subject]) -> None:
    """Tell of accounts that were found by a name that they no longer bear."""
    for one in subjects:
        if one.former is not None:
            say(f"{one.former} is a former name of {one.node}")


def say(line: str) -> None:
    """Write a line to standard error, whatever it holds."""
    sys.stderr.write(f"{printable(line)}\n")


def caption(*said: str | None, origin: Origin) -> str:
    """Join what stands below a table; whose data it is comes last."""
    return ". ".join(one for one in (*said, of_origin(origin)) if one)
