"""A database of any size, written as a crawl writes it: each answer through the recorder.

The graph is LFR-like: communities of power-law size, power-law numbers of listings, four of five
of them within the community. Each account but the first is listed by one of a lower number, so
that one seed reaches all; a third, none of which leads to another, has no report: of a real crawl,
too, most accounts are known from others' lists alone.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final

from graphcrawl.crawl import Asker, Crawl, RetryPolicy, StopSignal, Unlimited
from graphcrawl.errors import ReportNotFound
from graphcrawl.model import Account, AccountRef, Answer, Network, Origin
from graphcrawl.simulator.communities import Communities
from graphcrawl.simulator.names import title
from graphcrawl.store import CrawlFrontier, bring_up_to_date, finish_crawl, open_store, start_crawl

NETWORKS: Final = tuple(network.value for network in Network)
INSIDE: Final = 0.8
UNASKED: Final = 1 / 3
LARGEST: Final = 2_000
"""Listings of one account at most."""


@dataclass(slots=True)
class RandomWorld:
    """A source of answers; every account is its number.

    Parameters
    ----------
    accounts, connections : int
    rng_seed : int
    """

    accounts: int
    connections: int
    rng_seed: int = 0
    lists: list[list[int]] = field(init=False)
    silent: set[int] = field(init=False)

    def __post_init__(self) -> None:
        random = Random(self.rng_seed)
        self.lists = [[] for _ in range(self.accounts)]
        for number in range(1, self.accounts):
            self.lists[random.randrange(number)].append(number)
        leaves = [number for number, listed in enumerate(self.lists) if not listed]
        self.silent = set(random.sample(leaves, int(self.accounts * UNASKED)))
        self._list_more(random)

    def _list_more(self, random: Random) -> None:
        asked = [number for number in range(self.accounts) if number not in self.silent]
        shares = list(accumulate(min(random.paretovariate(1.5), LARGEST) for _ in asked))
        communities = Communities(self.accounts)
        left = self.connections - self.accounts + 1
        while left:
            (source,) = random.choices(asked, cum_weights=shares)
            home = communities.of(source)
            low, size = (home.start, home.size) if random.random() < INSIDE else (0, self.accounts)
            # The lower numbers of a community are listed most: its hubs.
            target = low + int(size * random.random() ** 3)
            if target != source and target not in self.lists[source]:
                self.lists[source].append(target)
                left -= 1

    def account(self, number: int) -> Account:
        """Give an account's row."""
        return Account(
            network=NETWORKS[number % len(NETWORKS)],
            social_id=f"i{number}",
            username=f"name{number}",
            title=title(Random(number).getrandbits(48)),
            subscribers_count=int(1000 / (1 - Random(number).random())),
            er=1.5,
            state="READY",
        )

    def ask(self, ref: AccountRef) -> Answer:
        """Answer as the API's client would."""
        number = int((ref.social_id or "i0")[1:])
        if number in self.silent:
            raise ReportNotFound(f"{ref}: no report", account=str(ref), status=404)
        return Answer(self.account(number), tuple(map(self.account, self.lists[number])))


def build(path: Path, world: RandomWorld) -> None:
    """Crawl a world into a new database, from its first account on."""
    first = world.account(0)
    seeds = [AccountRef(first.network, first.username, first.social_id)]
    with closing(open_store(path, origin=Origin.SIMULATED)) as store:
        crawl_id = start_crawl(store, seeds, {"depth": None, "rate": 0, "workers": 1})
        stop = StopSignal()
        asker = Asker(world, Unlimited(), stop, policy=RetryPolicy())
        Crawl(CrawlFrontier(store, crawl_id, None), asker, stop, workers=1).run()
        finish_crawl(store, crawl_id, "complete", None)
        bring_up_to_date(store.engine)
