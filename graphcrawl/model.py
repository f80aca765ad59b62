"""What the vendor's words become: frozen values, no input or output."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Network(StrEnum):
    """The six networks that the API can be asked about."""

    INSTAGRAM = "instagram"
    YOUTUBE = "youtube"
    TWITTER = "twitter"
    TIKTOK = "tiktok"
    TWITCH = "twitch"
    SNAPCHAT = "snapchat"


NETWORKS: Final = frozenset(network.value for network in Network)
"""Names of the six, to tell a known network from one an answer made up."""

WITHOUT_ENGAGEMENT: Final = frozenset({Network.TWITCH.value, Network.SNAPCHAT.value})
"""Networks whose documented ``er`` is always 0, which means that it does not exist."""


class ReportState(StrEnum):
    """The documented states of a report; an answer may hold others."""

    READY = "READY"
    READY_LOW_CONFIDENCE = "READY_LOW_CONFIDENCE"
    NOT_READY = "NOT_READY"
    PRIVATE = "PRIVATE"
    DELETED = "DELETED"
    RESTRICTED = "RESTRICTED"
    LOW_VIEWS = "LOW_VIEWS"


class Certainty(StrEnum):
    """What is known of a connection's way back."""

    MUTUAL = "mutual"
    ONE_WAY = "one-way"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """Whom a database's answers come from; the two never mix."""

    VENDOR = "vendor"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The vendor's client ID and API token; the token never shows in a repr."""

    client_id: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccountRef:
    """Which account to ask for: by username, by report ID, or (for safety) both.

    Attributes
    ----------
    network : str
        One of `NETWORKS`.
    username : str or None
        Without ``@``.
    social_id : str or None
        The vendor's report ID; where it is known it is what the API is asked by.
    """

    network: str
    username: str | None = None
    social_id: str | None = None

    def __post_init__(self) -> None:
        if not (self.username or self.social_id):
            raise ValueError("an account needs a username or an ID")

    def __str__(self) -> str:
        if self.username:
            return f"{self.network}:{self.username}"
        return f"{self.network}:id:{self.social_id}"


@dataclass(frozen=True, slots=True)
class Account:
    """One row of an answer.

    Attributes
    ----------
    network : str
        Usually one of `NETWORKS`; another is kept as it came and never asked.
    social_id : str
        The vendor's report ID; with `network` it is the account's identity.
    username : str or None
        May change, and need not be unique.
    title : str or None
        Free text of any script: hostile until shown to be otherwise.
    avatar_url : str or None
        Signed and short-lived.
    subscribers_count : int or None
        Followers, up to about 10**8.
    er : float or None
        Engagement rate in percent; None where the network has none.
    state : str or None
        Usually one of `ReportState`.
    """

    network: str
    social_id: str
    username: str | None = None
    title: str | None = None
    avatar_url: str | None = None
    subscribers_count: int | None = None
    er: float | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request brought.

    Attributes
    ----------
    own : Account or None
        The asked account's own row, where the answer holds one.
    connections : tuple of Account
        In the answer's order, the own row and repetitions left out.
    skipped : tuple of str
        One line for each row that could not be used, saying where and why.
    """

    own: Account | None
    connections: tuple[Account, ...]
    skipped: tuple[str, ...] = ()
