"""How much of an answer is kept, and what happens to the ring's answers when accounts join late.

The ring is the crawl's last depth, asked only by a crawl that is to be complete: of its answers the
connections to accounts of the crawl are kept, so that none joins.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, exists, select, update

from graphcrawl.filters import CUT, RING
from graphcrawl.model import Account, Answer
from graphcrawl.store.accounts import Identity, name_key
from graphcrawl.store.depths import RIM
from graphcrawl.store.schema import VisitRow

REOPENED: Final = {"status": "skipped", "cause": RIM, "answer_id": None}
"""A visit whose answer does not count any more: it stands as if it had never been asked."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What of an answer is stored.

    Attributes
    ----------
    accounts : sequence of Account
        The account's own row first, where there is one; then its connections.
    skipped : sequence of str
        One line for each row that could not be used, and one for those beyond the most.
    cut : int
        Connections beyond the most that are kept.
    outside : int
        Connections of the ring to accounts that the crawl does not hold.
    """

    accounts: Sequence[Account]
    skipped: Sequence[str]
    cut: int = 0
    outside: int = 0

    @property
    def cause(self) -> str | None:
        """The cause that the visit bears, if connections were left out."""
        if self.outside:
            return RING
        return CUT if self.cut else None

    def among(
        self, held: Container[Identity], seeds: Container[Identity], *, own: Account | None
    ) -> Kept:
        """Keep the accounts that the crawl holds.

        Parameters
        ----------
        held : container of (network, social_id)
        seeds : container of (network, case-folded username)
            Accounts that it holds by name alone.
        own : Account or None
            Kept in any case.
        """
        kept = [
            one
            for one in self.accounts
            if one is own
            or (one.network, one.social_id) in held
            or (one.network, name_key(one.username) or "") in seeds
        ]
        return replace(self, accounts=kept, outside=len(self.accounts) - len(kept))


def cut_answer(answer: Answer, most: int | None) -> Kept:
    """Keep the first connections of an answer, in its order.

    Parameters
    ----------
    most : int or None
        Connections; None: all.
    """
    own = (answer.own,) if answer.own else ()
    kept = answer.connections[:most]
    cut = len(answer.connections) - len(kept)
    note = (f"{cut} connections beyond the first {most} left out",) if cut else ()
    return Kept((*own, *kept), (*note, *answer.skipped), cut)


def is_ring(crawl_id: int) -> ColumnElement[bool]:
    """Give the condition that a visit is the ring's and left connections out."""
    return and_(VisitRow.crawl_id == crawl_id, VisitRow.cause == RING)


def has_ring(connection: Connection, crawl_id: int) -> bool:
    """Tell whether a crawl has answers of its ring in which connections were left out."""
    return connection.execute(select(exists().where(is_ring(crawl_id)))).scalar_one()


def reopen_ring(connection: Connection, crawl_id: int) -> None:
    """Let the ring be asked again: accounts have joined that it may list.

    Its old answers do not say whether they do, so until then it counts as not asked.
    """
    connection.execute(update(VisitRow).where(is_ring(crawl_id)).values(REOPENED))
