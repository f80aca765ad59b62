"""Settings of the simulated API, whatever the world."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from graphcrawl.simulator.faults import Faults, Limit


class OwnRow(StrEnum):
    """Where the asked account's own row stands in its answer."""

    FIRST = "first"
    LAST = "last"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who is let in.

    Attributes
    ----------
    client_id, token : str or None
        Without one, any that is not empty will do.
    granted : bool
        False answers 402: a plan without API access, or out of credits.
    """

    client_id: str | None = None
    token: str | None = field(default=None, repr=False)
    granted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How the API behaves.

    Attributes
    ----------
    access : Access
        Who is let in.
    limit : Limit or None
        None for no limit.
    faults : Faults
        What goes wrong on purpose.
    own_row : OwnRow
        Where the asked account's own row stands.
    pictures : bool
        Whether avatars of invented accounts lie on this server, and are served; otherwise on a
        host that cannot exist.
    log_size : int
        How many requests are remembered.
    """

    access: Access = field(default_factory=Access)
    limit: Limit | None = None
    faults: Faults = field(default_factory=Faults)
    own_row: OwnRow = OwnRow.FIRST
    pictures: bool = False
    log_size: int = 200_000
