"""How much is still to be asked: counted for this level, estimated for the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """The accounts of one depth.

    Attributes
    ----------
    ended : int
        Asked, whatever came of it.
    waiting : int
        To be asked, or being asked.
    rim : int
        Not to be asked as long as the depth is what it is.
    """

    ended: int = 0
    waiting: int = 0
    rim: int = 0

    def wanted(self, *, rim: bool) -> int:
        """Count the accounts that are asked sooner or later, those of the rim too or not."""
        return self.ended + self.waiting + (self.rim if rim else 0)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a crawl has before it.

    Attributes
    ----------
    depth : int
        Of the accounts that are being asked.
    left : int
        Accounts of that depth that wait.
    queued : int
        Accounts of any depth that wait.
    beyond : int or None
        Accounts of the next depth that will be asked, as estimated: those that are found, and as
        many for each account that waits as one brought so far, failures included. 0: there is no
        next depth; None: nothing is known to estimate by.
    """

    depth: int
    left: int
    queued: int
    beyond: int | None

    @property
    def requests(self) -> int:
        """Requests for this level and the next, retries left out; at least the queue."""
        return max(self.queued, self.left + (self.beyond or 0))


def look_ahead(
    levels: Mapping[int, Level], depth_limit: int | None, *, complete: bool = False
) -> Ahead | None:
    """Estimate what is still to be asked from the branching seen so far.

    Parameters
    ----------
    levels : mapping of int to Level
        By depth.
    depth_limit : int or None
        Accounts nearer than this are asked; None: all.
    complete : bool
        Whether those at the limit are asked too, at the end.

    Returns
    -------
    Ahead or None
        None if nobody waits.

    Examples
    --------
    >>> look_ahead({0: Level(ended=1), 1: Level(ended=10, waiting=20), 2: Level(waiting=50)}, 3)
    Ahead(depth=1, left=20, queued=70, beyond=150)
    """
    queued = sum(level.waiting for level in levels.values())
    if not queued:
        return None
    depth = min(depth for depth, level in levels.items() if level.waiting)
    left = levels[depth].waiting
    beyond = _beyond(levels, depth, depth_limit, complete=complete)
    return Ahead(depth, left, queued, beyond)


def _beyond(
    levels: Mapping[int, Level], depth: int, depth_limit: int | None, *, complete: bool
) -> int | None:
    last = depth_limit is not None and depth + 1 >= depth_limit
    if last and not (complete and depth + 1 == depth_limit):
        return 0
    branching = _branching(levels, depth, rim=last)
    if branching is None:
        return None
    following = levels.get(depth + 1, Level())
    found = following.waiting + (following.rim if last else 0)
    return found + round(levels[depth].waiting * branching)


def _branching(levels: Mapping[int, Level], depth: int, *, rim: bool) -> float | None:
    """Give the accounts that one asked account brought, of the nearest depth that tells."""
    for source in range(depth, -1, -1):
        ended = levels.get(source, Level()).ended
        if ended:
            brought = levels.get(source + 1, Level()).wanted(rim=rim and source == depth)
            return brought / ended
    return None
