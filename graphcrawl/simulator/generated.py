"""A world of any size: every account and connection is computed from the account's number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isqrt
from typing import Final

from graphcrawl.errors import SettingsError
from graphcrawl.model import WITHOUT_ENGAGEMENT, Account, AccountRef, Network, ReportState
from graphcrawl.simulator.communities import Communities, Community
from graphcrawl.simulator.names import slug, title
from graphcrawl.simulator.world import NoReport, Reply, Report, Withheld, avatar_url

_MASK: Final = (1 << 64) - 1
_NETWORKS: Final = tuple(network.value for network in Network)
_FIRST_NETWORKS: Final = (0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 5)
_OWNER_SIZES: Final = (
    (1, 3, 1, 2, 1, 1, 3),
    (2, 1, 1, 4, 1, 1, 1, 1),
    (1, 1, 5, 1, 1, 1, 2),
    (1, 2, 1, 1, 3, 1, 2, 1),
)
_BLOCK: Final = 12
_RUNS: Final = tuple(
    tuple((sum(sizes[:i]), sum(sizes[: i + 1])) for i, n in enumerate(sizes) for _ in range(n))
    for sizes in _OWNER_SIZES
)
"""For each pattern and offset in its block: where the owner's accounts begin and end."""

_MOST_FOLLOWERS_LISTED: Final = 60
_LARGEST_COUNT: Final = 100_000_000
_CHANGE_DAYS: Final = 60
_SALT_ACCOUNT: Final = 0x51A7
_SALT_OWNER: Final = 0x0E7A
_SALT_PAIR: Final = 0x9A12
_SALT_COMMUNITY: Final = 0xC0AA
_SALT_FAR: Final = 0xFA12


def mix(value: int) -> int:
    """Scramble 64 bits: the finalizer of SplitMix64 (Steele, Lea, Flood 2014)."""
    value = (value + 0x9E3779B97F4A7C15) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


@dataclass(frozen=True, slots=True)
class _Owner:
    """One owner's accounts are ``first`` to ``first + size - 1``."""

    first: int
    size: int
    bits: int

    def network(self, number: int) -> str:
        step = 1 if self.bits & 16 else 5
        start = _FIRST_NETWORKS[self.bits & 15] if self.first else 0
        return _NETWORKS[(start + step * (number - self.first)) % len(_NETWORKS)]


class GeneratedWorld:
    """A deterministic world in constant memory.

    Parameters
    ----------
    accounts : int
        How many there are, 1 or more; they have the numbers 0 to ``accounts - 1``.
    rng_seed : int
        Another seed is another world.
    day : int
        Over the first 60 days, about one in fifty accounts and links comes or goes; followers
        change every day, and some accounts are renamed.

    Raises
    ------
    SettingsError
        When there are no accounts.

    Notes
    -----
    Within a community, an account is linked to those at some fixed distances from it, drawn for
    that community (a random circulant graph, which is well connected), and to one of its hubs,
    whose followings fall as a power law. The communities' heads form a tree, so that account 0
    reaches all of them, and reflections of the whole number line, ``c - number``, give far links.
    Each of these relations can be followed backwards, so both ends agree whether a link is mutual
    without either being stored.
    """

    def __init__(self, accounts: int, *, rng_seed: int = 0, day: int = 0) -> None:
        if accounts < 1:
            raise SettingsError("a simulated world needs at least 1 account")
        self._count = accounts
        self._day = day
        self._seed = mix(rng_seed & _MASK)
        self._communities = Communities(accounts)
        self._far = tuple(mix(self._seed ^ _SALT_FAR ^ t) % accounts for t in range(8))

    @property
    def entrance(self) -> AccountRef:
        """Account number 0."""
        own = self.account(0)
        return AccountRef(own.network, own.username, own.social_id)

    @property
    def summary(self) -> str:
        """One line that says what is simulated."""
        return f"generated world, day {self._day}: {self._count} invented accounts"

    def __len__(self) -> int:
        return self._count

    def look_up(self, asked: AccountRef) -> Reply:
        """Find an account by ID or username; see `graphcrawl.simulator.world.World`."""
        number = self._find(asked)
        if number is None or not self._exists(number):
            return NoReport()
        own = self.account(number)
        if own.state == ReportState.DELETED or (number and self._bits(number) % 200 == 0):
            return NoReport()
        if own.state == ReportState.PRIVATE:
            return Withheld()
        connections = tuple(map(self.account, self.neighbours(number)))
        pending = 1 + number % 2 if own.state == ReportState.NOT_READY else 0
        return Report(own, connections, pending)

    def account(self, number: int) -> Account:
        """Compute the row of an account's number."""
        community = self._communities.of(number)
        owner = self._owner(number, community)
        network = owner.network(number)
        bits = self._bits(number)
        social_id = f"sim{number}"
        return Account(
            network=network,
            social_id=social_id,
            username=self._username(number, owner, bits),
            title=title(owner.bits >> 8),
            avatar_url=avatar_url(network, social_id, day=self._day),
            subscribers_count=self._followers(bits, number - community.start, community.size),
            er=_engagement(network, bits),
            state=_state(number - community.start, bits),
        )

    def neighbours(self, number: int) -> tuple[int, ...]:
        """Compute the numbers that an account lists, in the answer's order."""
        community = self._communities.of(number)
        listed = dict.fromkeys(self._candidates(number, community))
        listed.pop(number, None)
        return tuple(n for n in listed if self._exists(n))

    def _candidates(self, number: int, community: Community) -> Iterator[int]:
        owner = self._owner(number, community)
        yield from range(owner.first, owner.first + owner.size)
        yield from self._tree(number, community)
        yield from _hub_links(number - community.start, community)
        for other in (*self._near(number, community), *self._far_from(number)):
            if self._lists(number, other):
                yield other

    def _tree(self, number: int, community: Community) -> Iterator[int]:
        if number != community.start:
            return
        if community.rank:
            yield self._communities.at((community.rank - 1) // 3).start
        for rank in range(3 * community.rank + 1, 3 * community.rank + 4):
            if rank < self._communities.count:
                yield self._communities.at(rank).start

    def _near(self, number: int, community: Community) -> Iterator[int]:
        start, size = community.start, community.size
        salt = self._seed ^ _SALT_COMMUNITY ^ (community.rank << 20)
        for turn in range(6 + mix(salt) % 16 if size > 2 else size - 1):
            distance = 1 + mix(salt + turn) % (size - 1)
            yield start + (number - start + distance) % size
            yield start + (number - start - distance) % size

    def _far_from(self, number: int) -> Iterator[int]:
        for centre in self._far:
            other = (centre - number) % self._count
            if self._pair(number, other) >> 40 & 3 == 0:
                yield other

    def _lists(self, number: int, other: int) -> bool:
        """Tell whether a pair's common bits give the first a link to the second, today."""
        bits = self._pair(number, other)
        kind = bits % 100
        if kind >= 84 or (kind >= 60 and (kind < 72) != (number < other)):
            return False
        return self._lasts(bits >> 8)

    def _pair(self, number: int, other: int) -> int:
        low, high = (number, other) if number < other else (other, number)
        return mix(mix(self._seed ^ _SALT_PAIR ^ low) ^ high)

    def _lasts(self, bits: int) -> bool:
        fate, turn = bits % 100, 1 + (bits >> 8) % _CHANGE_DAYS
        if fate < 2:
            return self._day < turn
        return fate > 3 or self._day >= turn

    def _exists(self, number: int) -> bool:
        if self._lasts(self._bits(number) >> 24):
            return True
        # Heads hold the communities together, so they stay.
        return number == self._communities.of(number).start

    def _bits(self, number: int) -> int:
        return mix(self._seed ^ _SALT_ACCOUNT ^ (number << 1))

    def _owner(self, number: int, community: Community) -> _Owner:
        block, offset = divmod(number - community.start, _BLOCK)
        block_start = community.start + block * _BLOCK
        pattern = mix(self._seed ^ _SALT_OWNER ^ block_start) % len(_RUNS)
        begin, end = _RUNS[pattern][offset]
        first = block_start + begin
        last = min(block_start + end, community.start + community.size)
        return _Owner(first, last - first, mix(self._seed ^ _SALT_OWNER ^ ~first & _MASK))

    def _username(self, number: int, owner: _Owner, bits: int) -> str:
        # One in seven owners has a different name on each network.
        own_name = owner.bits >> 5 & 7 == 0
        word = slug(bits >> 12) if own_name else slug(owner.bits >> 20)
        renamed = bits >> 50 & 63 == 0 and self._day >= 1 + bits % _CHANGE_DAYS
        return f"sim_{word}{'_hq' if renamed else ''}_{number if own_name else owner.first}"

    def _followers(self, bits: int, position: int, size: int) -> int:
        """Draw a count with a heavy tail (Pareto, exponent 1.1); a community's hubs have more."""
        luck = ((bits >> 16 & 0xFFFFFF) + 1) / 0x1000000
        hub = size / (position + 1) if position < _hubs(size) else 1.0
        drift = 1 + ((bits >> 4) % 9 - 3) / 1000 * self._day
        return min(_LARGEST_COUNT, max(0, int(900 * luck**-0.9 * hub * drift)))

    def _find(self, asked: AccountRef) -> int | None:
        if asked.social_id:
            return self._with_id(asked.network, asked.social_id)
        return self._with_name(asked.network, (asked.username or "").casefold())

    def _with_id(self, network: str, social_id: str) -> int | None:
        number = self._number(social_id.removeprefix("sim"))
        if number is None or social_id != f"sim{number}":
            return None
        owner = self._owner(number, self._communities.of(number))
        return number if owner.network(number) == network else None

    def _with_name(self, network: str, username: str) -> int | None:
        named = self._number(username.rpartition("_")[2])
        if named is None:
            return None
        owner = self._owner(named, self._communities.of(named))
        for number in range(owner.first, owner.first + owner.size):
            if owner.network(number) == network:
                name = self._username(number, owner, self._bits(number))
                return number if name == username else None
        return None

    def _number(self, digits: str) -> int | None:
        if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(self._count))):
            return None
        number = int(digits)
        return number if number < self._count else None


def _hubs(size: int) -> int:
    return max(1, isqrt(size) // 2)


def _hub_links(position: int, community: Community) -> Iterator[int]:
    """Join members to hubs: hub j has the j-th of runs whose lengths fall as a power law."""
    hubs, start = _hubs(community.size), community.start
    members = community.size - hubs
    if position >= hubs:
        share = (position - hubs) / members
        hub = min(int(hubs * share**3), hubs - 1)
        yield start + hub
        return
    yield start
    first = hubs + int(members * (position / hubs) ** (1 / 3))
    last = hubs + int(members * ((position + 1) / hubs) ** (1 / 3))
    stride = max(1, (last - first) // _MOST_FOLLOWERS_LISTED)
    yield from range(start + first, start + last, stride)


def _engagement(network: str, bits: int) -> float | None:
    if network in WITHOUT_ENGAGEMENT:
        return 0
    if bits >> 36 & 31 == 0:
        return None
    return round(0.1 + (bits >> 30 & 0x3FF) ** 2 / 87_000, 2)


def _state(position: int, bits: int) -> str:
    """Draw a state: nine in ten are ready, and a community's head always is."""
    fate = bits >> 42 & 127
    if position == 0 or fate >= 12:
        return "READY"
    if fate >= 7:
        return "READY_LOW_CONFIDENCE"
    return ("PRIVATE", "PRIVATE", "NOT_READY", "NOT_READY", "LOW_VIEWS", "RESTRICTED", "DELETED")[
        fate
    ]
