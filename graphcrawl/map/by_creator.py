"""The map by creator: one mark an owner, with a sum of followers that says it is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from graphcrawl.graph import ConnectionGraph, Found
from graphcrawl.graph.contraction import CREATOR, Contraction, Owned, contract
from graphcrawl.graph.own import Own
from graphcrawl.map.added import by_creator
from graphcrawl.map.groups import Owner
from graphcrawl.map.marks import Mark
from graphcrawl.map.options import MapOptions
from graphcrawl.map.scene import Scene, compose
from graphcrawl.map.shades import Shading
from graphcrawl.map.words import Heading, Standing, report_state, stands
from graphcrawl.wording import plural

NO_CREATORS: Final = (
    "By creator was asked for, but no two of these accounts are known to have one owner: "
    "each is drawn by itself."
)
OVERLAP: Final = "A creator's followers are a sum of followers, audiences overlap."


_WITH_RING: Final = 1.25
"""A creator's disc has the area of any mark of as many followers, and the ring lies around it."""


def compose_by_creator(
    graph: ConnectionGraph,
    owners: Sequence[Owner],
    *,
    heading: Heading,
    found: Found,
    options: MapOptions,
    left_out: Iterable[str] = (),
    own: Own | None = None,
    like: Shading | None = None,
) -> Scene | None:
    """Decide what a page draws and says with one mark an owner.

    Parameters
    ----------
    graph : ConnectionGraph
        Of accounts, as they were chosen.
    owners : sequence of Owner
        Of the same graph drawn by account.
    heading, found, options, left_out, own, like
        As `compose` takes them.

    Returns
    -------
    Scene or None
        A creator's `Mark.owner` is an index of `owners`; None where there are no owners.
    """
    if not owners:
        return None
    contraction = contract(graph, (owner.creator for owner in owners))
    scene = compose(
        contraction.graph,
        heading=_heading(heading, contraction),
        found=Found(communities=found.communities),
        options=options,
        left_out=(*left_out, *_said(contraction)),
        own=by_creator(own or Own(), contraction.owned),
        like=like,
    )
    numbers = {one.node.id: at for at, one in enumerate(contraction.owned)}
    marks = tuple(
        mark
        if (at := numbers.get(mark.id)) is None
        else _creator_mark(mark, contraction.owned[at], owners[at], at)
        for mark in scene.marks
    )
    return replace(scene, marks=marks)


def counted(owners: int, marks: int) -> str:
    """Say how many marks are creators, and how many are not."""
    others = marks - owners
    creators = plural(owners, "creator")
    return f"{creators} and {plural(others, 'other account')}" if others else creators


def _heading(heading: Heading, contraction: Contraction) -> Heading:
    count = counted(len(contraction.owned), len(contraction.graph.nodes))
    return replace(heading, sentence=f"{count}: {heading.sentence}")


def _said(contraction: Contraction) -> tuple[str, ...]:
    within = contraction.within
    are = "is" if within == 1 else "are"
    gone = (f"{plural(within, 'connection')} within a creator {are} not drawn.",) if within else ()
    return (OVERLAP, *gone)


def _creator_mark(mark: Mark, owned: Owned, owner: Owner, at: int) -> Mark:
    return replace(
        mark,
        kind=CREATOR,
        shape=CREATOR,
        size=round(mark.radius * _WITH_RING, 2),
        standing=_standing(owned),
        name=owner.name,
        network=plural(owner.networks, "network"),
        state=_state(owned),
        remark=_remark(owned),
        owner=at,
    )


def _standing(owned: Owned) -> Standing:
    standing = stands(owned.node)
    return Standing.PARTLY if owned.asked and standing != Standing.ASKED else standing


def _state(owned: Owned) -> str:
    states = {report_state(account) for account in owned.accounts}
    return states.pop() if len(states) == 1 else "differs by account"


def _remark(owned: Owned) -> str:
    """Say of how many accounts it is known what they list."""
    drawn, missing = len(owned.accounts), len(owned.creator.accounts) - len(owned.accounts)
    if owned.asked == drawn:
        said = f"all {drawn} accounts asked: what they list is drawn"
    elif owned.asked:
        said = f"{owned.asked} of {drawn} accounts asked: what the others list is not known"
    else:
        said = f"none of {drawn} accounts asked with an answer: what they list is not known"
    return f"{said}; {plural(missing, 'account')} of this creator not drawn" if missing else said
