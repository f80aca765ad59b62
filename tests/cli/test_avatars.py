"""``--avatars``, from the command line to the page, against a simulator that has pictures."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from graphcrawl.model import Account, AccountRef
from graphcrawl.simulator import GeneratedWorld, Report, SmallWorld
from graphcrawl.simulator.portraits import portrait
from graphcrawl.simulator.world import NoReport, Reply
from graphcrawl.wording import how_to_install
from tests.api.conftest import Play, Player, other, player, wire  # noqa: F401
from tests.cli.conftest import Serve
from tests.cli.running import Cli, finished, spawn
from tests.cli.test_processes import wait_until

NASA = ("seed", "instagram:nasa", "--rate", "0")
PICTURE = "data:image/jpeg;base64,"


def pictures(path: str = "output/graph.db") -> int:
    with closing(sqlite3.connect(path)) as connection:
        count: int = connection.execute("SELECT count(*) FROM avatars").fetchone()[0]
    return count


def test_a_demo_with_pictures(cli: Cli) -> None:
    ended = cli("seed", "nasa", "-n", "instagram", "-d", "2", "--demo", "--avatars")
    assert ended.code == 0
    assert ended.err == ""
    assert "  49 pictures kept, 5 on hosts that are not asked" in ended.out.splitlines()
    assert pictures("output/demo.db") == 49
    page = Path("output/demo-instagram-nasa.html").read_text("utf-8")
    assert page.count(PICTURE) >= 49
    again = cli("map", "--crawl", "1", "--db", "output/demo.db", "--output", "-")
    assert again.out == page


def test_nobody_is_asked_for_a_picture_unless_that_is_wanted(cli: Cli, serve: Serve) -> None:
    serve(SmallWorld(), pictures=True)
    ended = cli(*NASA, "-d", "2")
    assert ended.code == 0
    assert "picture" not in ended.out
    assert pictures() == 0
    page = Path("output/instagram-nasa.html").read_text("utf-8")
    assert '"pictures":{}' in page


def test_a_crawl_goes_on_as_it_began(cli: Cli, serve: Serve) -> None:
    serve(SmallWorld(), pictures=True)
    assert cli(*NASA, "-d", "1", "--avatars", "--no-map").code == 0
    assert pictures() == 0, "the documented ones lie elsewhere"
    ended = cli("resume", "1", "-d", "2", "--no-map")
    assert "  49 pictures kept, 5 on hosts that are not asked" in ended.out.splitlines()
    ended = cli("resume", "1", "-d", "3", "--no-avatars", "--no-map")
    assert "picture" not in ended.out
    assert pictures() == 49
    assert "picture" not in cli("resume", "1", "-d", "4", "--no-map").out
    ended = cli("resume", "1", "-d", "5", "--avatars", "--no-map")
    assert " kept" in ended.out
    assert pictures() > 49


def test_who_was_there_before_needs_no_picture_again(cli: Cli, serve: Serve) -> None:
    serve(SmallWorld(), pictures=True)
    for kept in ("49 pictures kept", "0 pictures kept"):
        ended = cli(*NASA, "-d", "2", "--avatars", "--no-map")
        assert f"  {kept}, 5 on hosts that are not asked" in ended.out.splitlines()
    assert pictures() == 49


def test_forgetting_takes_the_picture_too(cli: Cli) -> None:
    assert cli(*NASA, "-d", "2", "--demo", "--avatars", "--no-map").code == 0
    assert cli("forget", "instagram:sim_lanternhill", "--yes", "--db", "output/demo.db").code == 0
    assert pictures("output/demo.db") == 48


@pytest.mark.parametrize("command", [(*NASA, "--avatars"), (*NASA, "--avatars", "--demo")])
def test_without_pillow_nothing_is_begun(
    cli: Cli, serve: Serve, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    server = serve()
    monkeypatch.setitem(sys.modules, "PIL", None)
    ended = cli(*command)
    assert ended.code == 2
    assert how_to_install("avatars") in ended.line
    assert not Path("output").exists()
    assert server.total == 0


def test_a_crawl_with_pictures_goes_on_without_pillow_only_without_them(
    cli: Cli, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(SmallWorld(), pictures=True)
    assert cli(*NASA, "-d", "1", "--avatars", "--no-map").code == 0
    monkeypatch.setitem(sys.modules, "PIL", None)
    ended = cli("resume", "1", "-d", "2", "--no-map")
    assert ended.code == 2
    assert "--no-avatars" in ended.line
    assert cli("resume", "1", "-d", "2", "--no-avatars", "--no-map").code == 0


class Pictured:
    """A world of one answer, whose avatars lie wherever a test wants."""

    def __init__(self, *addresses: str) -> None:
        self._listed = tuple(
            Account("instagram", str(at), f"a{at}", "Title", address)
            for at, address in enumerate(addresses, 1)
        )

    @property
    def entrance(self) -> AccountRef:
        return AccountRef("instagram", "seed", "0")

    @property
    def summary(self) -> str:
        return "one answer"

    def look_up(self, asked: AccountRef) -> Reply:
        if asked.username != "seed":
            return NoReport()
        return Report(Account("instagram", "0", "seed", "Title"), self._listed)


def test_no_other_server_is_asked(cli: Cli, serve: Serve, other: Player) -> None:  # noqa: F811
    addresses = [
        f"{other.url}/1.jpg",
        f"http://127.0.0.1:{other.port}/2.jpg",
        "http://169.254.169.254/latest/meta-data/",
        "https://cdn.hypeauditor.com.evil.example/1.jpg",
        "https://cdn.hypeauditor.com/img/instagram/user/1.jpg",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ]
    serve(Pictured(*addresses), pictures=True)
    ended = cli("seed", "instagram:seed", "-d", "1", "--rate", "0", "--avatars", "--no-map")
    assert ended.code == 0
    assert f"  0 pictures kept, {len(addresses)} on hosts that are not asked" in ended.out
    assert other.connections == 0


def test_credentials_and_permits_are_for_the_api_alone(
    cli: Cli,
    player: Player,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server that plays both: the second request is for the picture, and the third too."""
    row = {"network": "instagram", "username": "x", "title": "t", "type": "instagram"}
    rows = [
        {**row, "social_id": str(at), "avatar_url": f"{player.url}/{at}.png"} for at in range(2)
    ]
    answer = wire(200, json.dumps({"result": rows}).encode(), "Set-Cookie: session=1")
    picture = Play(wire(200, portrait("instagram", "1")))
    player.will(Play(answer), picture, picture)
    monkeypatch.setenv("HYPEAUDITOR_URL", player.url)
    monkeypatch.setenv("HYPEAUDITOR_ID", "me")
    monkeypatch.setenv("HYPEAUDITOR_TOKEN", "tOk3n-secret")
    # One permit a minute: were a picture to take one, this would not end in time.
    ended = cli("seed", "instagram:id:0", "-d", "1", "--rate", "1", "--avatars", "--no-map")
    assert "  2 pictures kept" in ended.out.splitlines()
    api, *others = player.seen
    assert api.headers["x-auth-token"] == "tOk3n-secret"
    assert len(others) == 2
    for seen in others:
        assert seen.headers.keys() <= {"host", "accept", "accept-encoding", "user-agent"}
        assert "tOk3n" not in str(seen)


def test_a_kill_loses_pictures_at_most(cli: Cli, serve: Serve) -> None:
    server = serve(GeneratedWorld(300), pictures=True, latency=0.02)
    crawl = ("seed", "instagram:id:sim0", "-d", "3", "--rate", "0", "--no-map")
    process = spawn(*crawl, "--avatars")
    wait_until(lambda: server.total >= 12 and pictures_now() > 0)
    process.kill()
    finished(process)
    assert cli("resume").code == 0
    assert cli(*crawl, "--db", "plain.db").code == 0
    names = (
        "SELECT s.social_id, t.social_id FROM edges e JOIN nodes s ON s.id = e.source_id "
        "JOIN nodes t ON t.id = e.target_id ORDER BY 1, 2"
    )
    assert read("output/graph.db", names) == read("plain.db", names)
    assert read("output/graph.db", "PRAGMA integrity_check") == [("ok",)]
    assert pictures() > 0


def read(path: str, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def pictures_now() -> int:
    try:
        return pictures()
    except sqlite3.OperationalError:
        return 0
