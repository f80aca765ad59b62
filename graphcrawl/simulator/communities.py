"""Communities of power-law size over account numbers, in closed form: no table is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SMALLEST: Final = 20
"""About the size of the smallest community, in accounts."""

_RANK_EXPONENT: Final = 0.7
_HEAD: Final = 2.0


@dataclass(frozen=True, slots=True)
class Community:
    """Accounts ``start`` to ``start + size - 1`` form one community; `rank` 0 is the largest."""

    rank: int
    start: int
    size: int


class Communities:
    """Divide the numbers 0 to ``accounts - 1`` into runs whose sizes fall as a power law.

    The community of rank k has a size proportional to ``(k + 2) ** -0.7``, that is, sizes s occur
    with a frequency of about ``s ** -2.4``: the range that is found in social networks and that
    LFR benchmarks use (Lancichinetti, Fortunato, Radicchi 2008, doi:10.1103/PhysRevE.78.046110).

    Parameters
    ----------
    accounts : int
        How many there are, 1 or more.
    """

    def __init__(self, accounts: int) -> None:
        self._accounts = accounts
        self._power = 1 - _RANK_EXPONENT
        self.count = max(1, int(accounts * self._power / SMALLEST))
        self._low = _HEAD**self._power
        self._span = (self.count + _HEAD) ** self._power - self._low

    def at(self, rank: int) -> Community:
        """Return the community of a rank, 0 to ``count - 1``."""
        start = self._start(rank)
        return Community(rank, start, self._start(rank + 1) - start)

    def of(self, number: int) -> Community:
        """Return the community that holds an account's number.

        Raises
        ------
        IndexError
            When there is no such number.
        """
        if not 0 <= number < self._accounts:
            raise IndexError(f"no account has the number {number}")
        share = number / self._accounts * self._span + self._low
        # The inverse is a float's rounding away from the truth: begin one below, and go up.
        rank = min(max(int(share ** (1 / self._power) - _HEAD) - 1, 0), self.count - 1)
        start, end = self._start(rank), self._start(rank + 1)
        while end <= number:
            rank, start, end = rank + 1, end, self._start(rank + 2)
        return Community(rank, start, end - start)

    def _start(self, rank: int) -> int:
        if rank >= self.count:
            return self._accounts
        share = ((rank + _HEAD) ** self._power - self._low) / self._span
        return int(share * self._accounts)
