"""The default world: small, as the documentation is, and with one of everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from zlib import crc32

from graphcrawl.model import Account, AccountRef, ReportState
from graphcrawl.simulator.small_data import (
    DOCUMENTED,
    LISTINGS,
    OWNERS,
    PENDING,
    WITHOUT_REPORT,
    Handle,
    Listing,
    Owner,
)
from graphcrawl.simulator.world import NoReport, Reply, Report, Withheld, avatar_url

_FIRST_ID = 1001


class SmallWorld:
    """The documented NASA rows among invented owners.

    Parameters
    ----------
    day : int
        0 is the first; by day 30 every planned change has happened: accounts and links come and
        go, one is renamed, states and followers change.

    Notes
    -----
    Accounts are known here by a key, ``network:username`` of day 0, which a rename leaves alone.
    """

    def __init__(self, *, day: int = 0) -> None:
        self._day = day
        self._accounts = {**_documented_accounts(day), **_invented_accounts(day)}
        self._owners = {owner.key: owner for owner in OWNERS}
        self._by_id = {(a.network, a.social_id): key for key, a in self._accounts.items()}
        self._by_name = {
            (a.network, (a.username or "").casefold()): key for key, a in self._accounts.items()
        }

    @property
    def entrance(self) -> AccountRef:
        """The documentation's own example."""
        return AccountRef("instagram", "nasa", DOCUMENTED[0].social_id)

    @property
    def summary(self) -> str:
        """One line that says what is simulated."""
        return f"small world, day {self._day}: {len(self._accounts)} accounts, nearly all invented"

    def accounts(self) -> tuple[Account, ...]:
        """Every account of this day, also those that have no report."""
        return tuple(self._accounts.values())

    def look_up(self, asked: AccountRef) -> Reply:
        """Find an account by ID or username; see `graphcrawl.simulator.world.World`."""
        key = self._find(asked)
        if key is None:
            return NoReport()
        own = self._accounts[key]
        if key in WITHOUT_REPORT or own.state == ReportState.DELETED:
            return NoReport()
        if own.state == ReportState.PRIVATE:
            return Withheld()
        return Report(own, self._connections(key), PENDING.get(key, 0))

    def _find(self, asked: AccountRef) -> str | None:
        if asked.social_id:
            return self._by_id.get((asked.network, asked.social_id))
        return self._by_name.get((asked.network, (asked.username or "").casefold()))

    def _connections(self, key: str) -> tuple[Account, ...]:
        listed = dict.fromkeys(self._listed(key))
        return tuple(self._accounts[k] for k in listed if k != key and k in self._accounts)

    def _listed(self, key: str) -> Iterator[str]:
        if key == _key(DOCUMENTED[0].network, DOCUMENTED[0].username or ""):
            yield from _documented_accounts(0)
        yield from self._listed_by_owner(key)
        for listing in LISTINGS:
            if listing.source == key and _lasts(listing, self._day):
                yield from self._spelled_out(listing.targets)

    def _listed_by_owner(self, key: str) -> Iterator[str]:
        owner = next((o for o in OWNERS if key in _handles(o)), None)
        if owner is None or owner.silent:
            return
        yield from _handles(owner)
        network = key.partition(":")[0]
        for friend in owner.friends:
            yield _same_network_or_first(self._owners[friend], network)

    def _spelled_out(self, targets: Iterable[str]) -> Iterator[str]:
        for target in targets:
            owner = self._owners.get(target)
            yield from (_handles(owner) if owner else (target,))


def _key(network: str, username: str) -> str:
    return f"{network}:{username}"


def _handles(owner: Owner) -> tuple[str, ...]:
    return tuple(_key(h.network, h.username) for h in owner.handles)


def _same_network_or_first(owner: Owner, network: str) -> str:
    keys = _handles(owner)
    return next((key for key in keys if key.startswith(f"{network}:")), keys[0])


def _lasts(thing: Handle | Listing, day: int) -> bool:
    return thing.since <= day and (thing.until is None or day < thing.until)


def _documented_accounts(day: int) -> dict[str, Account]:
    return {_key(a.network, a.username or ""): _grown(a, day) for a in DOCUMENTED}


def _invented_accounts(day: int) -> dict[str, Account]:
    every = [(owner, handle) for owner in OWNERS for handle in owner.handles]
    return {
        _key(handle.network, handle.username): _account(owner, handle, f"sim{number}", day)
        for number, (owner, handle) in enumerate(every, start=_FIRST_ID)
        if _lasts(handle, day)
    }


def _account(owner: Owner, handle: Handle, social_id: str, day: int) -> Account:
    account = Account(
        network=handle.network,
        social_id=social_id,
        username=_at(day, handle.username, handle.renamed),
        title=owner.title,
        avatar_url=avatar_url(handle.network, social_id, day=day),
        subscribers_count=handle.subscribers,
        er=handle.er,
        state=_at(day, handle.state, handle.restated),
    )
    return _grown(account, day)


def _at(day: int, first: str, change: tuple[int, str] | None) -> str:
    return change[1] if change and day >= change[0] else first


def _grown(account: Account, day: int) -> Account:
    """Move followers by -0.2 % to 0.5 % a day, as the account's ID decides."""
    rate = (crc32(account.social_id.encode()) % 8 - 2) / 1000
    count = account.subscribers_count or 0
    return replace(account, subscribers_count=max(0, round(count * (1 + rate * day))))
