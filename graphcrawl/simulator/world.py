"""What a simulated world is: a pure function from an asked account to a reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol
from zlib import crc32

from graphcrawl.model import Account, AccountRef

AVATAR_HOST: Final = "cdn.simulator.invalid"
"""A host that cannot exist (RFC 2606), so that no simulated avatar is ever fetched from another
server than the simulator itself."""

AVATAR_PATH: Final = "/img/"

_FIRST_EXPIRY: Final = 1_740_787_140
_SECONDS_A_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Report:
    """The account has a report.

    Attributes
    ----------
    own : Account
        The asked account's own row.
    connections : tuple of Account
        In the answer's order, without the own row.
    pending : int
        How many requests are answered 202 before the report is there.
    """

    own: Account
    connections: tuple[Account, ...]
    pending: int = 0


@dataclass(frozen=True, slots=True)
class NoReport:
    """The world has no report for this account: 404."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """The account exists and its report may not be seen: 403."""

    description: str = "Account is private"


Reply = Report | NoReport | Withheld
"""What a world says about one account."""


class World(Protocol):
    """A world of accounts: seeded, pure, and safe to ask from many threads."""

    @property
    def entrance(self) -> AccountRef:
        """An account that a crawl of this world can begin with."""
        ...

    @property
    def summary(self) -> str:
        """One line that says what is simulated."""
        ...

    def look_up(self, asked: AccountRef) -> Reply:
        """Find an account, by its ID where one is given, else by its username.

        Parameters
        ----------
        asked : AccountRef
            The username is compared case folded.

        Returns
        -------
        Report or NoReport or Withheld
            The same for the same world and account, however often and in whatever order.
        """
        ...


def avatar_url(network: str, social_id: str, *, day: int = 0) -> str:
    """Compose an address of the documented shape on a host that cannot exist.

    Parameters
    ----------
    network, social_id : str
        The account's identity.
    day : int
        The world's day: like the vendor's, the address expires and is signed anew.

    Returns
    -------
    str
        Looks like ``https://cdn.simulator.invalid/img/instagram/user/sim1.jpg?w=150&…``.
    """
    sign = crc32(f"{network}/{social_id}/{day}".encode())
    return (
        f"https://{AVATAR_HOST}{AVATAR_PATH}{network}/user/{social_id}.jpg"
        f"?w=150&till={_FIRST_EXPIRY + day * _SECONDS_A_DAY}&sign={sign:032x}"
    )
