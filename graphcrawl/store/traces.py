"""What the rows of a crawl and its runs say of an account: its seeds and why they ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select, update

from graphcrawl.model import AccountRef
from graphcrawl.store.accounts import name_key
from graphcrawl.store.schema import CrawlRow, RunRow

FORGOTTEN: Final = "(forgotten)"
"""What stands in place of a reason that named a forgotten account."""


@dataclass(frozen=True, slots=True)
class Traces:
    """An account's ID and names, as seeds and messages may hold them.

    Attributes
    ----------
    network : str
    social_id : str or None
    name_keys : frozenset of str
        The present and former usernames, case-folded.
    """

    network: str
    social_id: str | None
    name_keys: frozenset[str]

    @classmethod
    def of(cls, account: AccountRef, *former: str | None) -> Traces:
        """Collect an account's names."""
        keys = (name_key(name) for name in (account.username, *former))
        return cls(account.network, account.social_id, frozenset(key for key in keys if key))

    def is_seed(self, seed: Mapping[str, Any]) -> bool:
        """Tell whether a recorded seed is the account; one with an ID is known by that alone."""
        if seed.get("network") != self.network:
            return False
        if seed.get("id") is not None:
            return bool(seed["id"] == self.social_id)
        return name_key(seed.get("username")) in self.name_keys

    def are_in(self, message: str) -> bool:
        """Tell whether a message names the account."""
        folded = message.casefold()
        return any(key in folded for key in self.name_keys) or (
            self.social_id is not None and self.social_id in message
        )


def clean_crawls(connection: Connection, traces: Traces) -> None:
    """Take an account out of the lists of seeds and of excluded accounts.

    That there was a seed stays visible.
    """
    query = select(CrawlRow.id, CrawlRow.seeds, CrawlRow.reason, CrawlRow.settings)
    for crawl_id, *before in connection.execute(query).all():
        seeds, reason, settings = before
        after = [
            [{} if traces.is_seed(seed) else seed for seed in seeds],
            FORGOTTEN if reason and traces.are_in(reason) else reason,
            _cleaned(settings, traces),
        ]
        if after != before:
            values = dict(zip(("seeds", "reason", "settings"), after, strict=True))
            connection.execute(update(CrawlRow).where(CrawlRow.id == crawl_id).values(values))
    for run_id, reason in connection.execute(select(RunRow.id, RunRow.reason)).all():
        if reason and traces.are_in(reason):
            connection.execute(update(RunRow).where(RunRow.id == run_id).values(reason=FORGOTTEN))


def _cleaned(settings: Mapping[str, Any], traces: Traces) -> Mapping[str, Any]:
    if "exclude" not in settings:
        return settings
    kept = [one for one in settings["exclude"] if not traces.is_seed(one)]
    return {**settings, "exclude": kept}
