from __future__ import annotations

from collections import defaultdict

import networkx as nx
import pytest

from graphcrawl.model import Account, AccountRef, ReportState
from graphcrawl.simulator import NoReport, Report, SmallWorld, Withheld
from graphcrawl.simulator.small_data import OWNERS
from tests.sample import SAMPLE
from tests.simulator.walking import Key, Walk, key_of, walk

GROUP_OF_TITLE = {owner.title: owner.group for owner in OWNERS}


@pytest.fixture(scope="module")
def whole() -> Walk:
    return walk(SmallWorld())


@pytest.fixture(scope="module")
def later() -> Walk:
    return walk(SmallWorld(day=30))


def named(found: Walk, network: str, username: str) -> Key:
    (key,) = (
        k for k, a in found.accounts.items() if (a.network, a.username) == (network, username)
    )
    return key


def near(found: Walk) -> list[Account]:
    return list(found.within(2).values())


def by_title(accounts: list[Account]) -> dict[str, list[Account]]:
    owners: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        owners[account.title or ""].append(account)
    return owners


def test_the_documented_answer_is_served_row_by_row() -> None:
    reply = SmallWorld().look_up(AccountRef("instagram", "nasa"))
    assert isinstance(reply, Report)
    assert reply.pending == 0
    rows = [
        (a.social_id, a.username, a.network, a.title, a.subscribers_count, a.er, a.state)
        for a in (reply.own, *reply.connections)
    ]
    assert rows == list(SAMPLE)


def test_documented_avatars_have_the_documented_shape_and_others_an_impossible_host() -> None:
    for account in SmallWorld().accounts():
        documented = account.social_id in {row.social_id for row in SAMPLE}
        host = "cdn.hypeauditor.com" if documented else "cdn.simulator.invalid"
        path = f"/img/{account.network}/user/{account.social_id}.jpg?w=150&till=1740787140&sign="
        assert (account.avatar_url or "").startswith(f"https://{host}{path}")
        assert len((account.avatar_url or "").partition("&sign=")[2]) == 32


def test_every_other_account_is_marked_as_simulated() -> None:
    invented = [a for a in SmallWorld().accounts() if "nasa" not in (a.username or "")]
    assert len(invented) == len(SmallWorld().accounts()) - len(SAMPLE)
    assert all((a.username or "").startswith("sim_") for a in invented)
    assert all(a.social_id.startswith("sim") for a in invented)


def test_depth_one_is_five_accounts_and_four_edges() -> None:
    found = walk(SmallWorld(), depth=1)
    assert (len(found.accounts), len(found.edges)) == (5, 4)


def test_depth_two_gives_forty_to_eighty_accounts_and_leaves_some_for_later(whole: Walk) -> None:
    assert 40 <= len(near(whole)) <= 80
    assert len(whole.accounts) > len(near(whole))
    assert len(whole.accounts) == len(SmallWorld().accounts())


def test_owners_have_accounts_on_three_four_and_five_networks(whole: Walk) -> None:
    owners = by_title(near(whole)).values()
    spread = {
        len({a.network for a in accounts})
        for accounts in owners
        if len({a.username for a in accounts}) == 1
    }
    assert {3, 4, 5} <= spread


def test_one_owner_goes_by_differing_names_and_its_accounts_list_one_another(whole: Walk) -> None:
    boats = by_title(near(whole))["Paper Boat Works"]
    assert len({a.username for a in boats}) == len(boats) == 3
    keys = [key_of(a) for a in boats]
    assert all(whole.lists(a, b) for a in keys for b in keys if a != b)


def test_a_false_friend_has_the_same_name_and_another_owner(whole: Walk) -> None:
    comets = [a for a in near(whole) if a.username == "sim_comet"]
    bakery = {key_of(a) for a in comets if a.title == "Comet Bakery"}
    chess = {key_of(a) for a in comets if a.title == "Comet Chess Club"}
    assert bakery
    assert chess
    assert not any(whole.lists(*p) for a in bakery for b in chess for p in ((a, b), (b, a)))


def test_a_one_way_link_shows_within_depth_two(whole: Walk) -> None:
    asked = [k for k, depth in whole.depths.items() if depth < 2]
    answered = {k for k in asked if isinstance(whole.replies[k], Report)}
    one_way = {
        (a, b) for a in answered for b in answered if whole.lists(a, b) and not whole.lists(b, a)
    }
    mutual = {(a, b) for a in answered for b in answered if whole.lists(a, b) and whole.lists(b, a)}
    assert one_way
    assert mutual


def test_one_account_is_the_only_bridge_between_two_groups(whole: Walk) -> None:
    invented = {k: a for k, a in whole.accounts.items() if (a.username or "").startswith("sim_")}
    graph = nx.Graph((a, b) for a, b in whole.edges if a in invented and b in invented)
    group = {k: GROUP_OF_TITLE[a.title or ""] for k, a in invented.items()}
    bread = next(k for k in graph if group[k] == "bread")
    trail = next(k for k in graph if group[k] == "trail")
    bridge = named(whole, "instagram", "sim_breadataltitude")
    assert whole.depths[bridge] == 2
    assert nx.has_path(graph, bread, trail)
    graph.remove_node(bridge)
    assert not nx.has_path(graph, bread, trail)


def test_a_dead_end_answers_with_itself_alone(whole: Walk) -> None:
    reply = whole.replies[named(whole, "instagram", "sim_mosspost")]
    assert isinstance(reply, Report)
    assert reply.connections == ()
    assert whole.depths[key_of(reply.own)] == 2


def test_every_documented_state_is_there(whole: Walk) -> None:
    assert {a.state for a in near(whole)} == {state.value for state in ReportState}


def test_states_decide_the_reply(whole: Walk) -> None:
    for key, reply in whole.replies.items():
        state = whole.accounts[key].state
        assert isinstance(reply, Withheld) == (state == ReportState.PRIVATE)
        if state == ReportState.DELETED:
            assert isinstance(reply, NoReport)


def test_a_listed_account_without_report_and_one_being_made_show_at_depth_two(
    whole: Walk,
) -> None:
    asked = [whole.replies[k] for k, depth in whole.depths.items() if depth < 2]
    assert sum(isinstance(r, NoReport) for r in asked) == 1
    assert [r.pending for r in asked if isinstance(r, Report) and r.pending] == [2]


def test_titles_in_chinese_arabic_and_emoji(whole: Walk) -> None:
    titles = "".join(a.title or "" for a in near(whole))
    assert any("\u4e00" <= c <= "\u9fff" for c in titles)
    assert any("\u0600" <= c <= "\u06ff" for c in titles)
    assert any(c >= "\U0001f300" for c in titles)


def test_engagement_is_absent_for_one_and_zero_where_a_network_has_none(whole: Walk) -> None:
    assert any(a.er is None for a in near(whole))
    quiet = [a for a in near(whole) if a.network in {"twitch", "snapchat"}]
    assert {a.network for a in quiet} == {"twitch", "snapchat"}
    assert all(a.er == 0 for a in quiet)


def test_an_id_is_found_as_well_as_a_name_in_any_case() -> None:
    world = SmallWorld()
    for account in world.accounts():
        by_id = world.look_up(AccountRef(account.network, social_id=account.social_id))
        name = (account.username or "").upper()
        assert world.look_up(AccountRef(account.network, name)) == by_id
    assert world.look_up(AccountRef("tiktok", "nasa")) == NoReport()


def test_no_account_lists_itself_or_another_twice(whole: Walk) -> None:
    for key, reply in whole.replies.items():
        if isinstance(reply, Report):
            keys = [key_of(a) for a in reply.connections]
            assert len({*keys, key}) == len(keys) + 1


def test_the_same_day_is_the_same_world(whole: Walk) -> None:
    assert walk(SmallWorld()).replies == whole.replies


def test_by_day_thirty_accounts_came_and_went(whole: Walk, later: Walk) -> None:
    assert later.accounts.keys() - whole.accounts.keys()
    assert whole.accounts.keys() - later.accounts.keys()


def test_by_day_thirty_links_between_the_same_accounts_came_and_went(
    whole: Walk, later: Walk
) -> None:
    both = whole.accounts.keys() & later.accounts.keys()
    before = {e for e in whole.edges if set(e) <= both}
    after = {e for e in later.edges if set(e) <= both}
    assert before - after
    assert after - before


def test_by_day_thirty_followers_names_and_states_changed(whole: Walk, later: Walk) -> None:
    pairs = [(a, later.accounts[k]) for k, a in whole.accounts.items() if k in later.accounts]
    grew = [(b.subscribers_count or 0) - (a.subscribers_count or 0) for a, b in pairs]
    assert min(grew) < 0 < max(grew)
    assert [(a.username, b.username) for a, b in pairs if a.username != b.username] == [
        ("sim_quietkm", "sim_quietkilometre")
    ]
    assert any(a.state != b.state for a, b in pairs)


def test_a_former_name_is_not_found_and_the_id_still_is() -> None:
    world = SmallWorld(day=30)
    assert world.look_up(AccountRef("instagram", "sim_quietkm")) == NoReport()
    renamed = world.look_up(AccountRef("instagram", "sim_quietkilometre"))
    before = SmallWorld().look_up(AccountRef("instagram", "sim_quietkm"))
    assert isinstance(renamed, Report)
    assert isinstance(before, Report)
    assert renamed.own.social_id == before.own.social_id
