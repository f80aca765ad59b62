"""Walk a world without HTTP: what a crawl of it would find."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from graphcrawl.model import Account, AccountRef
from graphcrawl.simulator import Reply, Report, World

Key = tuple[str, str]


def key_of(account: Account) -> Key:
    return account.network, account.social_id


def ask(world: World, account: Account) -> Reply:
    return world.look_up(AccountRef(account.network, social_id=account.social_id))


@dataclass
class Walk:
    accounts: dict[Key, Account] = field(default_factory=dict)
    depths: dict[Key, int] = field(default_factory=dict)
    replies: dict[Key, Reply] = field(default_factory=dict)
    edges: set[tuple[Key, Key]] = field(default_factory=set)

    def within(self, depth: int) -> dict[Key, Account]:
        return {k: a for k, a in self.accounts.items() if self.depths[k] <= depth}

    def lists(self, source: Key, target: Key) -> bool:
        return (source, target) in self.edges


def walk(world: World, *, depth: int = 10**9) -> Walk:
    """Breadth first from the entrance; accounts at `depth` are found and not asked."""
    found = Walk()
    entrance = world.look_up(world.entrance)
    assert isinstance(entrance, Report)
    start = key_of(entrance.own)
    found.accounts[start] = entrance.own
    found.depths[start] = 0
    queue = deque([start])
    while queue:
        key = queue.popleft()
        if found.depths[key] >= depth:
            continue
        reply = found.replies[key] = ask(world, found.accounts[key])
        for account in reply.connections if isinstance(reply, Report) else ():
            other = key_of(account)
            found.edges.add((key, other))
            if other not in found.depths:
                found.accounts[other] = account
                found.depths[other] = found.depths[key] + 1
                queue.append(other)
    return found
