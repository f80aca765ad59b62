from __future__ import annotations

import math
import time
import tracemalloc
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.errors import SettingsError
from graphcrawl.model import AccountRef
from graphcrawl.simulator import GeneratedWorld, NoReport, Reply, Report, Withheld
from graphcrawl.simulator.communities import Communities
from tests.simulator.walking import Walk, key_of, walk

SIZE = 3_000


@pytest.fixture(scope="module")
def world() -> GeneratedWorld:
    return GeneratedWorld(SIZE)


@pytest.fixture(scope="module")
def whole(world: GeneratedWorld) -> Walk:
    return walk(world)


def reply_of(world: GeneratedWorld, number: int) -> Reply:
    account = world.account(number)
    return world.look_up(AccountRef(account.network, social_id=account.social_id))


@given(st.integers(1, 2_000_000), st.data())
def test_communities_divide_the_numbers(accounts: int, data: st.DataObject) -> None:
    communities = Communities(accounts)
    number = data.draw(st.integers(0, accounts - 1))
    found = communities.of(number)
    assert found.start <= number < found.start + found.size
    assert found == communities.at(found.rank)
    following = found.start + found.size
    if following < accounts:
        assert communities.of(following).rank == found.rank + 1
    else:
        assert (following, found.rank) == (accounts, communities.count - 1)


def test_sizes_of_communities_fall_as_a_power_law() -> None:
    communities = Communities(1_000_000)
    ranks = [10, 100, 1_000, 10_000]
    sizes = [communities.at(rank).size for rank in ranks]
    slopes = [math.log(small / large) / math.log(10) for large, small in pairwise(sizes)]
    assert all(-0.8 < slope < -0.6 for slope in slopes)
    assert sum(communities.at(r).size for r in range(communities.count)) == 1_000_000


def test_an_account_beyond_the_last_is_no_account() -> None:
    with pytest.raises(IndexError):
        GeneratedWorld(10).account(10)
    with pytest.raises(SettingsError):
        GeneratedWorld(0)


@pytest.mark.parametrize("size", [1, 2, 3, 11, 12, 13, 40])
def test_tiny_worlds_are_whole(size: int) -> None:
    found = walk(GeneratedWorld(size))
    assert 0.8 * size <= len(found.accounts) <= size


def test_nearly_everything_is_reached_from_account_zero(whole: Walk) -> None:
    assert len(whole.accounts) > 0.95 * SIZE
    assert max(whole.depths.values()) < 12


def test_most_links_are_mutual_and_some_one_way(whole: Walk) -> None:
    asked = {k for k, reply in whole.replies.items() if isinstance(reply, Report)}
    known = [(a, b) for a, b in whole.edges if b in asked]
    mutual = sum(whole.lists(b, a) for a, b in known) / len(known)
    assert 0.6 < mutual < 0.95


def test_links_stay_mostly_within_communities(world: GeneratedWorld) -> None:
    communities = Communities(SIZE)
    pairs = [(n, m) for n in range(SIZE) for m in world.neighbours(n)]
    outward = sum(communities.of(n).rank != communities.of(m).rank for n, m in pairs)
    assert 0.02 < outward / len(pairs) < 0.3


def test_hubs_are_listed_far_more_than_others(world: GeneratedWorld) -> None:
    listed = Counter(m for n in range(SIZE) for m in world.neighbours(n))
    counts = sorted(listed.values())
    assert counts[-1] > 5 * counts[len(counts) // 2]


def test_owners_have_accounts_on_several_networks_that_list_one_another(whole: Walk) -> None:
    owners: dict[str, list[tuple[str, str]]] = {}
    for key, account in whole.accounts.items():
        owners.setdefault(account.username or "", []).append(key)
    groups = [keys for keys in owners.values() if len(keys) > 1]
    assert {2, 3, 4, 5} <= {len(keys) for keys in groups}
    assert all(len({network for network, _ in keys}) == len(keys) for keys in groups)
    asked = {k for k, reply in whole.replies.items() if isinstance(reply, Report)}
    pairs = [(a, b) for keys in groups for a in keys for b in keys if a != b and a in asked]
    assert pairs
    assert all(whole.lists(a, b) for a, b in pairs)


def test_every_kind_of_reply_is_there(whole: Walk) -> None:
    kinds = Counter(type(reply) for reply in whole.replies.values())
    assert kinds[NoReport] > 0.005 * SIZE
    assert kinds[Withheld] > 0.005 * SIZE
    pending = [r.pending for r in whole.replies.values() if isinstance(r, Report) and r.pending]
    assert set(pending) == {1, 2}


def test_names_are_marked_and_in_several_scripts(whole: Walk) -> None:
    assert all((a.username or "").startswith("sim_") for a in whole.accounts.values())
    titles = "".join(a.title or "" for a in whole.accounts.values())
    for first, last in ("az", "一鿿", "\u0600\u06ff", "Ѐӿ", "가힣"):
        assert any(first <= c <= last for c in titles)


@given(st.integers(1, 10**6), st.integers(0, 3), st.integers(0, 90), st.data())
def test_an_account_is_found_by_its_id_and_by_its_name(
    size: int, rng_seed: int, day: int, data: st.DataObject
) -> None:
    world = GeneratedWorld(size, rng_seed=rng_seed, day=day)
    account = world.account(data.draw(st.integers(0, size - 1)))
    by_id = world.look_up(AccountRef(account.network, social_id=account.social_id))
    by_name = world.look_up(AccountRef(account.network, (account.username or "").upper()))
    assert by_id == by_name
    if isinstance(by_id, Report):
        assert by_id.own == account
        keys = [key_of(a) for a in by_id.connections]
        assert len({*keys, key_of(account)}) == len(keys) + 1


@given(st.text(max_size=30), st.sampled_from(["instagram", "youtube"]))
def test_strange_names_and_ids_are_not_found(text: str, network: str) -> None:
    world = GeneratedWorld(500)
    known = {(a.network, a.social_id) for a in map(world.account, range(500))}
    if (network, text) not in known:
        assert world.look_up(AccountRef(network, "x", text or "sim")) == NoReport()
    assert world.look_up(AccountRef(network, f"sim_{text}")) == NoReport()


@pytest.mark.parametrize("social_id", ["sim01", "sim500", "sim-1", "1", "simsim1", "sim٣", "sim"])
def test_an_id_is_matched_exactly(social_id: str) -> None:
    world = GeneratedWorld(500)
    for network in ("instagram", "youtube", "twitter", "tiktok", "twitch", "snapchat"):
        assert world.look_up(AccountRef(network, social_id=social_id)) == NoReport()


def test_the_same_seed_is_the_same_world_and_another_is_not(world: GeneratedWorld) -> None:
    again, other = GeneratedWorld(SIZE), GeneratedWorld(SIZE, rng_seed=1)
    numbers = range(0, SIZE, 37)
    replies = [reply_of(world, n) for n in numbers]
    assert [reply_of(again, n) for n in numbers] == replies
    assert [reply_of(other, n) for n in numbers] != replies


def test_a_later_day_has_other_accounts_links_names_and_followers(whole: Walk) -> None:
    later = walk(GeneratedWorld(SIZE, day=30))
    both = whole.accounts.keys() & later.accounts.keys()
    assert later.accounts.keys() - whole.accounts.keys()
    assert whole.accounts.keys() - later.accounts.keys()
    before = {e for e in whole.edges if set(e) <= both}
    after = {e for e in later.edges if set(e) <= both}
    assert before - after
    assert after - before
    assert 0.8 < len(before & after) / len(before) < 1
    pairs = [(whole.accounts[k], later.accounts[k]) for k in both]
    assert any(a.username != b.username for a, b in pairs)
    assert sum(a.subscribers_count != b.subscribers_count for a, b in pairs) > len(pairs) / 2


def test_a_million_accounts_take_no_table_and_little_time() -> None:
    numbers = [Random(7).randrange(10**6) for _ in range(400)]
    tracemalloc.start()
    world = GeneratedWorld(10**6)
    begun = time.process_time()
    rows = [
        len(reply.connections) for n in numbers if isinstance(reply := reply_of(world, n), Report)
    ]
    each = (time.process_time() - begun) / len(numbers)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000
    # Tracing memory alone makes this some four times slower than it is.
    assert each < 0.01
    assert 10 < sum(rows) / len(rows) < 60
    assert max(rows) < 300
