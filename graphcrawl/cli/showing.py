"""``show``: one account in full."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.subjects import account_cells, say_former, sought
from graphcrawl.cli.writing import write_object

if TYPE_CHECKING:
    from graphcrawl.findings import AccountPage
    from graphcrawl.findings.account import Neighbour, NeighbourGroup
    from graphcrawl.graph import Node


def show(
    account: given.AccountName,
    network: given.NetworkName = None,
    by_id: given.ById = False,
    crawl: given.Crawl = None,
    db: given.Db = None,
    form: given.Form = Format.TABLE,
) -> None:
    """Show all of one account, and why it is here.

    Profile, history, the way from a seed with the answer that brought each step, neighbours by
    cluster (as graphcrawl clusters last stored them), creator; last comes what is not known.
    --format json gives all of it as one object, csv and tsv its names and values.
    """
    from graphcrawl.database import Database

    (one,) = sought([account], network, by_id=by_id)
    page = Database.at(given.settings_for(db).db).show(one, crawl_id=crawl)
    say_former([page.subject])
    if form is Format.TABLE:
        # rich takes its time to import.
        from graphcrawl.cli.account_page import write_account_page

        write_account_page(page)
    else:
        write_object(_entry(page), form)


def _entry(page: AccountPage) -> dict[str, object]:
    profile, stored = page.stored.profile, page.stored
    return {
        **account_cells(page.subject.node),
        "former_name": page.subject.former,
        **{
            name: getattr(profile, name)
            for name in ("er", "state", "avatar_url", "has_picture", "first_seen_at")
        },
        **{name: getattr(profile, name) for name in ("last_seen_at", "valid_from", "expanded_at")},
        "tags": list(stored.added.tags),
        "note": stored.added.note,
        "columns": stored.added.columns,
        "answers": [one._asdict() for one in stored.answers],
        "history": [one._asdict() for one in stored.former],
        "changes": [
            {"at": one.at, "name": one.name, "before": one.before, "after": one.after}
            for one in page.changes
        ],
        "crawls": _crawls(page),
        "cluster": _cluster(page),
        "neighbours_by_cluster": [_group(one) for one in page.groups],
        "neighbours": [_neighbour(one) for one in page.neighbours],
        "creator": _creator(page),
        "unknown": list(page.unknown),
        "source": page.origin.value,
    }


def _crawls(page: AccountPage) -> list[dict[str, object]]:
    return [
        {
            **visit._asdict(),
            "way": None
            if way is None
            else [
                {
                    "account": str(page.nodes[step.node_id]),
                    "answer_id": step.answer_id,
                    "asked_at": step.asked_at,
                }
                for step in way
            ],
        }
        for visit, way in page.stored.visits
    ]


def _cluster(page: AccountPage) -> dict[str, object] | None:
    if page.grouping is None:
        return None
    number = page.cluster
    return {
        "clustering_id": page.grouping.id,
        "method": page.grouping.method,
        "created_at": page.grouping.created_at,
        "cluster": number,
        "name": None if number is None else page.grouping.names.get(number),
    }


def _group(group: NeighbourGroup) -> dict[str, object]:
    from graphcrawl.findings import Link

    return {
        "cluster": group.cluster,
        "name": group.name,
        "accounts": len(group.members),
        **{link.value.replace(" ", "_"): group.count(link) for link in Link},
    }


def _neighbour(one: Neighbour) -> dict[str, object]:
    return {
        **account_cells(one.node),
        "link": one.link.value,
        "certainty": one.certainty.value,
        "cluster": one.cluster,
    }


def _creator(page: AccountPage) -> dict[str, object] | None:
    owner = page.stored.owner
    if owner is None:
        return None
    return {
        "id": owner.id,
        "name": owner.name,
        "accounts": [
            {
                "account": _name(page.nodes, one.node_id),
                "confidence": one.confidence,
                "evidence": [
                    {**each, "account": _name(page.nodes, each["node_id"])} for each in one.evidence
                ],
            }
            for one in owner.accounts
        ],
    }


def _name(nodes: Mapping[int, Node], key: int) -> str | None:
    """Name an account; None for one that is no longer there."""
    node = nodes.get(key)
    return None if node is None else str(node)
