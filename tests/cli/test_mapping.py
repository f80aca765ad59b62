"""``map``: what its options draw, what they refuse, and the browser that it opens."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Serve
from tests.cli.running import Cli, Tree, finished, spawn

BLOCK = re.compile(r'<script type="application/json" id="graph-data">(.*?)</script>', re.DOTALL)


@pytest.fixture(autouse=True)
def _crawled(cli: Cli, serve: Serve) -> None:
    serve(Tree(size=31))
    assert cli("seed", "instagram:a0", "-d", "3", "--rate", "0", "--no-map").code == 0


def data_of(html: str) -> dict[str, Any]:
    (block,) = BLOCK.findall(html)
    data: dict[str, Any] = json.loads(block)
    return data


def nodes_of(html: str) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = data_of(html)["nodes"]
    return nodes


def test_filters_and_limit_leave_out_and_say_so(cli: Cli) -> None:
    ended = cli("map", "--filter", "depth<=2", "--filter", "network=ig", "-o", "-")
    assert ended.code == 0
    assert {node["depth"] for node in nodes_of(ended.out)} == {0, 1, 2}
    assert "with depth&lt;=2 and network=instagram are drawn; 8 others left out" in ended.out
    few = cli("map", "--max-nodes", "4", "-o", "-").out
    assert len(nodes_of(few)) == 4
    assert "11 others left out (--max-nodes 15 draws all)" in few
    assert "left out" not in BLOCK.sub("", cli("map", "-o", "-").out).partition("<main")[0]


def test_title_and_size_are_drawn(cli: Cli) -> None:
    hostile = "</title><script>alert(1)</script>"
    page = cli("map", "--title", hostile, "--size", "degree", "-o", "-").out
    assert "<h1><bdi>&lt;/title&gt;&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "more connections on this page" in page


def test_by_creator_where_none_is_known_says_so_and_draws_accounts(cli: Cli) -> None:
    ended = cli("map", "--by", "creator", "-o", "-")
    assert (ended.code, ended.err) == (0, "")
    assert "no two of these accounts are known to have one owner" in ended.out
    assert len(nodes_of(ended.out)) == 15
    assert 'id="by"' not in ended.out


def test_by_creator_opens_with_creators_of_what_was_chosen(cli: Cli, serve: Serve) -> None:
    serve()
    seeded = ("seed", "instagram:nasa", "-d", "1", "--rate", "0", "--no-map", "--db", "nasa.db")
    assert cli(*seeded).code == 0
    shown = ("--by", "creator", "--db", "nasa.db", "-o", "-")
    page = cli("map", *shown).out
    assert '<body data-by="creator">' in page
    assert "1 creator and 2 other accounts: 5 accounts on 3 networks" in page
    assert '<template id="other-view" data-by="account">' in page
    part = cli("map", "--filter", "network!=youtube", *shown).out
    assert "1 creator and 1 other account: 3 accounts on 2 networks" in part
    (owner,) = json.loads(BLOCK.findall(part)[0])["owners"]
    assert [account for account, _, _ in owner["accounts"]] == [1, 2, "youtube:nasa"]
    assert "1 account of this creator not drawn" in part


def test_colour_and_layout_are_drawn(cli: Cli) -> None:
    plain = data_of(cli("map", "-o", "-").out)
    assert (plain["city"], bool(plain["rings"])) == (False, True)
    assert plain["clusters"]
    chosen = data_of(cli("map", "--layout", "clusters", "--color", "network", "-o", "-").out)
    assert (chosen["city"], chosen["rings"], chosen["color"]) == (True, [], "network")
    rings = data_of(cli("map", "--layout", "rings", "--color", "cluster", "-o", "-").out)
    assert (rings["city"], rings["color"]) == (False, "cluster")


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--filter", "depth<=x"), 2, "--filter 'depth<=x': give a whole number"),
        (("--filter", "nothing"), 2, "write network=instagram"),
        (("--max-nodes", "0"), 2, "--max-nodes 0: give a number above 0"),
        (("--max-nodes", "many"), 2, "--max-nodes"),
        (("--size", "colour"), 2, "colour"),
        (("--by", "cluster"), 2, "cluster"),
        (("--color", "creator"), 2, "there are auto, network, cluster, tag"),
        (("--layout", "circle"), 2, "'auto', 'rings', 'clusters'"),
        (("--open", "--output", "-"), 2, "--open needs a file"),
        (("--filter", "network=twitch"), 4, "has network=twitch"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    cli: Cli, options: tuple[str, ...], code: int, said: str
) -> None:
    ended = cli("map", *options)
    assert ended.code == code
    assert said in ended.err
    assert ended.out == ""
    assert not list(Path("output").glob("*.html"))


def test_open_gives_the_file_to_the_browser(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = tmp_path / "seen.txt"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{seen}.part"; mv "{seen}.part" "{seen}"\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("BROWSER", str(browser))
    ended = finished(spawn("map", "--output", "a map.html", "--open"))
    assert ended.code == 0
    assert ended.out == "a map.html\n"
    assert seen.read_text() == Path("a map.html").absolute().as_uri()


def test_a_folder_is_not_offered_to_force(cli: Cli) -> None:
    assert cli("seed", "instagram:nasa", "--demo", "-d", "1", "--no-map", "--quiet").code == 0
    for words in ((), ("--force",)):
        ended = cli("map", "--output", ".", "--db", "output/demo.db", *words)
        assert (ended.code, ended.out) == (2, "")
        assert "is a folder" in ended.line
        assert "--force" not in ended.line
