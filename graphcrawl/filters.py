"""Whom a crawl asks, in which order, and how much of an answer it keeps.

A filter decides who is asked, never what is stored of those who are: an account that is not asked
stays in the crawl, with the cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from graphcrawl.model import AccountRef

NOT_FOLLOWED: Final = "network-not-followed"
FEW_FOLLOWERS: Final = "few-followers"
STATE_SKIPPED: Final = "state-skipped"
EXCLUDED: Final = "excluded"

FILTERED: Final = (EXCLUDED, NOT_FOLLOWED, STATE_SKIPPED, FEW_FOLLOWERS)
"""Causes of skipped visits that a filter gave; another filter may take them up again."""

IN_WORDS: Final = {
    EXCLUDED: "excluded",
    NOT_FOLLOWED: "on networks that are not followed",
    STATE_SKIPPED: "in a state that is skipped",
    FEW_FOLLOWERS: "with too few followers",
}
"""What is said of the accounts that a filter left alone."""

CUT: Final = "cut"
"""Cause of a done visit: the answer held more connections than were to be kept."""

RING: Final = "ring"
"""Cause of a done visit: connections to accounts that the crawl does not hold were left out."""


class Order(StrEnum):
    """Which of the accounts of one depth is asked first."""

    POSITION = "position"
    SUBSCRIBERS = "subscribers"
    SEEN_FROM_MOST = "seen-from-most"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a crawl leaves out, and what it asks first.

    Attributes
    ----------
    follow : tuple of str
        Accounts on these networks alone are asked; empty: on all.
    min_subscribers : int or None
        Accounts that are known to have fewer followers are not asked. What is not known is not
        fewer.
    skip_states : tuple of str
        Accounts whose report is in one of these states, case-folded, are not asked.
    exclude : tuple of AccountRef
        Accounts that are not asked, not even as seeds. One with an ID means that ID, whatever
        its name.
    max_connections : int or None
        Of an answer, so many connections are kept.
    complete : bool
        At the end the accounts at the last depth are asked too, and of their connections those
        to accounts of the crawl are kept.
    order : Order
    """

    follow: tuple[str, ...] = ()
    min_subscribers: int | None = None
    skip_states: tuple[str, ...] = ()
    exclude: tuple[AccountRef, ...] = ()
    max_connections: int | None = None
    complete: bool = False
    order: Order = Order.POSITION

    def recorded(self) -> dict[str, Any]:
        """Give what is written down of them: only what differs from asking everyone."""
        given: dict[str, Any] = {
            "follow": list(self.follow),
            "min_subscribers": self.min_subscribers,
            "skip_states": list(self.skip_states),
            "exclude": [
                {"network": one.network, "username": one.username, "id": one.social_id}
                for one in self.exclude
            ],
            "max_connections": self.max_connections,
            "complete": self.complete,
            "order": None if self.order is Order.POSITION else self.order.value,
        }
        return {name: value for name, value in given.items() if value}

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Filters:
        """Read them back from a crawl's settings."""
        return cls(
            follow=tuple(settings.get("follow") or ()),
            min_subscribers=settings.get("min_subscribers"),
            skip_states=tuple(settings.get("skip_states") or ()),
            exclude=tuple(
                AccountRef(one["network"], one.get("username"), one.get("id"))
                for one in settings.get("exclude") or ()
            ),
            max_connections=settings.get("max_connections"),
            complete=bool(settings.get("complete")),
            order=Order(settings.get("order") or Order.POSITION),
        )

    def sieve(self) -> Sieve | None:
        """Give what judges accounts; None: everyone is asked."""
        if not (self.follow or self.min_subscribers or self.skip_states or self.exclude):
            return None
        return Sieve(self)


@dataclass(slots=True)
class Sieve:
    """Filters made ready to judge one account after the other."""

    filters: Filters
    _ids: set[tuple[str, str]] = field(init=False)
    _names: set[tuple[str, str]] = field(init=False)
    _names_at_most: set[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        excluded = self.filters.exclude
        self._ids = {(one.network, one.social_id) for one in excluded if one.social_id}
        self._names = _names(one for one in excluded if not one.social_id)
        self._names_at_most = _names(excluded)

    def refuses(
        self,
        network: str,
        social_id: str | None,
        username: str | None,
        subscribers_count: int | None,
        state: str | None,
        *,
        depth: int,
    ) -> str | None:
        """Give the cause for which an account is not asked, one of `FILTERED`; None: it is.

        Seeds (depth 0) are asked unless they are excluded.
        """
        if self._is_excluded(network, social_id, username):
            return EXCLUDED
        filters = self.filters
        if depth == 0:
            return None
        if filters.follow and network not in filters.follow:
            return NOT_FOLLOWED
        if state is not None and state.casefold() in filters.skip_states:
            return STATE_SKIPPED
        few = filters.min_subscribers
        if few is not None and subscribers_count is not None and subscribers_count < few:
            return FEW_FOLLOWERS
        return None

    def _is_excluded(self, network: str, social_id: str | None, username: str | None) -> bool:
        if social_id is not None and (network, social_id) in self._ids:
            return True
        names = self._names_at_most if social_id is None else self._names
        return bool(username) and (network, (username or "").casefold()) in names


def _names(refs: Iterable[AccountRef]) -> set[tuple[str, str]]:
    return {(one.network, one.username.casefold()) for one in refs if one.username}
