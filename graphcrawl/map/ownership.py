"""What the page tells of an owner: its accounts, what speaks for each, and what would tell more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphcrawl.graph import Creator, CreatorAccount, Node
from graphcrawl.map.groups import Owner
from graphcrawl.map.marks import argument_for
from graphcrawl.map.words import readable

_LONGEST_NAME: Final = 100
_SIMULATED_DATABASE: Final = "output/demo.db"

Mention = int | str
"""An account: the index of its mark, or what it is called where it is not drawn."""


@dataclass(frozen=True, slots=True)
class Commands:
    """What a reader may type to learn or decide more; the page cannot do either.

    Attributes
    ----------
    ask : str
        The command that asks accounts, with ``ACCOUNT`` where they go.
    merge : str
        The command that says by hand that they have one owner, likewise.
    """

    ask: str
    merge: str


def commands(ask: str, *, simulated: bool) -> Commands:
    """Make the commands from the one that asks an account."""
    db = f" --db {_SIMULATED_DATABASE}" if simulated else ""
    return Commands(ask, f"graphcrawl creators merge ACCOUNT{db}")


def reasons_of(owners: Iterable[Owner]) -> set[str]:
    """Return every text of reasons that `told_of` refers to by its number."""
    return {
        ", ".join(evidence.reasons)
        for owner in owners
        for account in owner.creator.accounts
        for evidence in account.evidence
    }


def told_of(
    owner: Owner, places: Mapping[int, int], word: Mapping[str, int], known: Commands
) -> dict[str, Any]:
    """Return what the page's script reads of an owner, as plain values.

    Parameters
    ----------
    owner : Owner
    places : mapping of int to int
        The index of each mark, by `Node.id`.
    word : mapping of str to int
        The number of each text of reasons, as `reasons_of` gives them.
    known : Commands

    Returns
    -------
    dict
        ``accounts`` holds for each account whom it is (a `Mention`), its confidence, and its
        evidence as triples of the other account, confidence and the number of the reasons.
        ``confirm`` is the command that may tell more, or None; ``related`` holds pairs of an
        account and the command that merges it, or None where no command line can name both.
    """
    creator = owner.creator
    return {
        "name": owner.name,
        "networks": owner.networks,
        "confidence": creator.confidence.value,
        "accounts": [_account(one, places, word) for one in creator.accounts],
        "confirm": _command(known.ask, creator.to_ask),
        "related": [
            [_mention(node, places), _merge(creator, node, known.merge)] for node in creator.related
        ],
    }


def _account(
    account: CreatorAccount, places: Mapping[int, int], word: Mapping[str, int]
) -> list[Any]:
    evidence = [
        [_mention(one.account, places), one.confidence.value, word[", ".join(one.reasons)]]
        for one in account.evidence
    ]
    return [_mention(account.node, places), account.confidence.value, evidence]


def _mention(node: Node, places: Mapping[int, int]) -> Mention:
    at = places.get(node.id)
    if at is not None:
        return at
    return readable(f"{node.network}:{node.username or node.social_id or '?'}", _LONGEST_NAME)


def _merge(creator: Creator, related: Node, merge: str) -> str | None:
    """Give the command that merges a related account, with the creator's on its own network."""
    other = argument_for(related)
    accounts = sorted(creator.accounts, key=lambda one: one.node.network != related.network)
    ours = next(filter(None, (argument_for(one.node) for one in accounts)), None)
    if ours is None or other is None:
        return None
    return merge.replace("ACCOUNT", f"{ours} {other}")


def _command(ask: str, nodes: Iterable[Node]) -> str | None:
    accounts = [text for node in nodes if (text := argument_for(node)) is not None]
    return ask.replace("ACCOUNT", " ".join(accounts)) if accounts else None
