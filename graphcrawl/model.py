"""What the vendor's words become: frozen values, no input or output."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

OwnValue = bool | int | float | str
"""What a column of a user's own holds of an account."""


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
    """Whom a database's answers come from; they never mix.

    `IMPORTED` is a graph that files told of: nobody was asked by us.
    """

    VENDOR = "vendor"
    SIMULATED = "simulated"
    IMPORTED = "imported"


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
class Thumbnail:
    """A small picture of our own making.

    Attributes
    ----------
    media_type : str
        ``image/jpeg``.
    content : bytes
        A few thousand.
    """

    media_type: str
    content: bytes = field(repr=False)


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


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that there is nothing to be had: the short name of its kind, and its line."""

    cause: str
    message: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """An account that a worker has taken from the frontier, to ask for it.

    Attributes
    ----------
    node_id : int
        The frontier's key for the account.
    ref : AccountRef
        By report ID where it is known, with the username kept as the second way.
    depth : int
        Hops from the nearest seed, as known when it was claimed.
    postponed : int
        How many times the vendor has said that the report is still being made.
    named : bool
        Whether it is a seed that was given by this username.
    refusal : Refusal or None
        How the vendor refused its ID; so it is asked by its username.
    """

    node_id: int
    ref: AccountRef
    depth: int
    postponed: int = 0
    named: bool = False
    refusal: Refusal | None = None


class OutcomeKind(StrEnum):
    """How a claim ended."""

    ANSWERED = "answered"
    REFUSED = "refused"
    BY_NAME = "by-name"
    EXHAUSTED = "exhausted"
    POSTPONED = "postponed"
    DEFERRED = "deferred"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a claim; recording it is what ends the claim.

    Attributes
    ----------
    claim : Claim
    kind : OutcomeKind
        `ANSWERED`: connections came. `REFUSED`: an answer about this account alone (no report,
        private...). `BY_NAME`: the vendor does not take its ID, so its name is to be asked, as
        soon as that is written down. `EXHAUSTED`: every retry was used up. `POSTPONED`: to be
        asked again in `wait` seconds. `DEFERRED`: postponed too often for this run. `RETURNED`:
        back to the queue as if never claimed.
    attempts : int
        Requests sent for this claim.
    answer : Answer or None
        For `ANSWERED` only.
    cause, message : str or None
        The short name of the kind of failure, and its line for people.
    wait : float
        Seconds, for `POSTPONED` only.
    """

    claim: Claim
    kind: OutcomeKind
    attempts: int = 0
    answer: Answer | None = None
    cause: str | None = None
    message: str | None = None
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn of the frontier gave: new claims, and what its recording added.

    Attributes
    ----------
    claims : tuple of Claim
        Empty when nothing is due now.
    accounts, connections : int
        Accounts that joined this crawl, and connections recorded, in this turn.
    next_due : float or None
        With no claims: seconds until the earliest postponed account is due; None: none waits.
    """

    claims: tuple[Claim, ...]
    accounts: int
    connections: int
    next_due: float | None = None
