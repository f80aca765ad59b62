from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path

import pytest

from graphcrawl.simulator import Simulator
from tests.cli.conftest import Serve
from tests.cli.running import Cli, Hostile, Tree, files_below, going_on

CHANNEL = "UCLA_DiR1FfKNvjuUpBHmylQ"
SIMULATED = "simulated data: nothing here came from the vendor"


def asked(server: Simulator) -> list[tuple[str, str]]:
    return [(record.network, record.asked) for record in server.log]


def test_a_crawl_tells_what_is_there_and_what_comes_next(cli: Cli, server: Simulator) -> None:
    ended = cli("seed", "nasa", "--network", "instagram", "--depth", "2", "--rate", "0")
    assert ended.code == 0
    assert ended.err == ""
    lines = ended.out.splitlines()
    assert lines[0] == "crawl 1 of instagram:nasa, depth 2: complete"
    assert lines[1].startswith("  54 accounts, 70 connections, 8 requests, ")
    assert "  1 without a report (404)" in lines
    assert "  49 accounts on the rim were not asked (31 s at 95 a minute)" in lines
    assert "  map       output/instagram-nasa.html" in lines
    assert "  database  output/graph.db" in lines
    assert f"  {SIMULATED}" in lines
    assert ended.next_command == ["resume", "1", "--depth", "3"]
    page = Path("output/instagram-nasa.html").read_text(encoding="utf-8")
    assert "Simulated data" in page
    assert server.total == 8


def test_the_next_commands_lead_to_where_everything_was_seen(cli: Cli, server: Simulator) -> None:
    ended = cli("seed", "instagram:nasa", "--depth", "1", "--rate", "0", "--db", "my graph's.db")
    for _ in range(6):
        if ended.next_command[0] == "query":
            break
        ended = cli(*ended.next_command)
        assert ended.code == 0, ended.err
    assert "  everything reachable was seen, but for those without an answer" in ended.out
    assert "private or without posts (403)" in ended.out
    last = cli(*ended.next_command)
    assert last.code == 0, last.err
    assert "nasa" in last.out
    assert max(server.counts().values()) <= 3, "only reports in the making are asked for again"


def test_a_demo_needs_nothing_and_says_that_it_is_simulated(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYPEAUDITOR_URL", "http://127.0.0.1:9")
    ended = cli("seed", "nasa", "-n", "instagram", "-d", "1", "--demo")
    assert ended.code == 0
    assert SIMULATED in ended.out
    assert ended.next_command == ["resume", "1", "--demo", "--depth", "2"]
    assert [str(path.relative_to(folder)) for path in files_below(folder)] == [
        "output/demo-instagram-nasa.html",
        "output/demo.db",
    ]
    assert cli(*ended.next_command, "--no-map").code == 0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("nasa", "-n", "instagram"), ("instagram", "nasa")),
        (("@nasa", "-n", "ig"), ("instagram", "nasa")),
        (("twitter:nasa",), ("twitter", "nasa")),
        (("twitter:@nasa", "-n", "youtube"), ("twitter", "nasa")),
        ((f"youtube:id:{CHANNEL}",), ("youtube", CHANNEL)),
        ((CHANNEL, "-n", "youtube", "--id"), ("youtube", CHANNEL)),
        ((f"youtube:{CHANNEL}", "--id"), ("youtube", CHANNEL)),
        (("https://www.instagram.com/nasa/?hl=en",), ("instagram", "nasa")),
        (("https://www.youtube.com/@nasa",), ("youtube", "nasa")),
        ((f"https://www.youtube.com/channel/{CHANNEL}",), ("youtube", CHANNEL)),
        (("https://x.com/nasa",), ("twitter", "nasa")),
        (("https://twitter.com/nasa/status/1",), ("twitter", "nasa")),
        (("https://www.tiktok.com/@nasa",), ("tiktok", "nasa")),
        (("https://www.twitch.tv/nasa",), ("twitch", "nasa")),
        (("https://www.snapchat.com/add/nasa",), ("snapchat", "nasa")),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else None,
)
def test_an_account_in_every_form(
    cli: Cli, server: Simulator, arguments: tuple[str, ...], expected: tuple[str, str]
) -> None:
    ended = cli("seed", *arguments, "-d", "1", "--rate", "0", "--no-map")
    assert ended.code in (0, 4), ended.err
    assert asked(server) == [expected]


@pytest.mark.parametrize(
    "content",
    [
        "instagram:nasa\n\n# a comment\ntiktok:nasa\ninstagram:nasa\n",
        "network,username,id\ninstagram,nasa,\ntiktok,nasa,\n",
        "\ufeffUsername;Network\r\nnasa;instagram\r\n@nasa;tiktok\r\n",
    ],
)
def test_a_list_of_accounts_from_a_file_and_from_standard_input(
    cli: Cli, server: Simulator, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    expected = [("instagram", "nasa"), ("tiktok", "nasa")]
    Path("list.csv").write_text(content, encoding="utf-8", newline="")
    common = ("-d", "1", "--rate", "0", "--no-map", "--workers", "1")
    assert cli("seed", "--from", "list.csv", *common).code == 0
    assert asked(server) == expected
    stdin = io.TextIOWrapper(io.BytesIO(content.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert cli("seed", "--from", "-", *common).code == 0
    assert sorted(asked(server)) == sorted(expected * 2)


def test_a_broken_line_of_a_list_is_named_and_nothing_is_asked(
    cli: Cli, folder: Path, server: Simulator
) -> None:
    Path("list.txt").write_text("nasa\nhttps://www.instagram.com/p/abc\n", encoding="utf-8")
    ended = cli("seed", "instagram:nasa", "--from", "list.txt", "-n", "instagram")
    assert ended.code == 2
    assert "list.txt, line 2" in ended.line
    assert server.total == 0
    assert [path.name for path in files_below(folder)] == ["list.txt"]


def test_depth_nought_asks_nobody(cli: Cli, server: Simulator) -> None:
    ended = cli("seed", "instagram:nasa", "youtube:nasa", "--depth", "0", "--rate", "0")
    assert ended.code == 0
    assert "  2 accounts, 0 connections, 0 requests, " in ended.out
    assert "2 accounts on the rim were not asked" in ended.out
    assert server.total == 0
    assert cli(*ended.next_command, "--no-map").code == 0
    assert sorted(asked(server)) == [("instagram", "nasa"), ("youtube", "nasa")]


def test_another_crawl_into_the_same_database_asks_anew(cli: Cli, server: Simulator) -> None:
    for number in (1, 2):
        ended = cli("seed", "instagram:nasa", "-d", "1", "--rate", "0")
        assert ended.code == 0
        assert ended.out.startswith(f"crawl {number} of instagram:nasa, depth 1: complete\n")
    assert cli("seed", "youtube:nasa", "-d", "1", "--rate", "0").out.startswith("crawl 3 ")
    assert server.counts() == {("instagram", "nasa"): 2, ("youtube", "nasa"): 1}


def test_to_ask_for_all_needs_a_bound_or_a_yes(cli: Cli, serve: Serve, folder: Path) -> None:
    server = serve(Tree(size=9))
    common = ("seed", "instagram:a0", "--depth", "all", "--rate", "0", "--no-map")
    ended = cli(*common)
    assert ended.code == 2
    assert "--max-requests" in ended.line
    assert "--yes" in ended.line
    assert server.total == 0
    assert files_below(folder) == []
    bounded = cli(*common, "--max-requests", "4")
    assert bounded.code == 5
    whole = cli(*common, "--yes")
    assert whole.code == 0
    assert "  9 accounts, 8 connections, 9 requests, " in whole.out
    assert "  everything reachable was seen\n" in whole.out


def test_a_demo_may_ask_for_all(cli: Cli) -> None:
    ended = cli("seed", "instagram:nasa", "--depth", "all", "--demo", "--no-map")
    assert ended.code == 0
    assert "everything reachable was seen" in ended.out


def test_a_budget_ends_a_run_and_resume_goes_on_from_there(cli: Cli, serve: Serve) -> None:
    server = serve(Tree())
    ended = cli("seed", "instagram:a0", "-d", "4", "--rate", "0", "--max-requests", "3")
    assert ended.code == 5
    assert "the budget of 3 requests is used up" in ended.line
    assert "still in the queue" in ended.out
    assert server.total == 3
    assert going_on(ended.line) == ended.next_command == ["resume", "1"]
    ended = cli("resume", "--max-requests", "2", "--quiet")
    assert (ended.code, server.total) == (5, 5)
    ended = cli("resume")
    assert ended.code == 0
    assert "  31 accounts, 30 connections, 15 requests, " in ended.out
    assert set(server.counts().values()) == {1}


def test_resume_with_nothing_unfinished_says_so(cli: Cli, serve: Serve) -> None:
    server = serve(Tree())
    cli("seed", "instagram:a0", "-d", "1", "--rate", "0", "--no-map", "--db", "a.db")
    ended = cli("resume", "--db", "a.db")
    assert ended.code == 0
    assert "Nothing is unfinished in a.db" in ended.out
    assert "graphcrawl resume 1 --depth 2 --db a.db" in ended.out
    assert cli("resume", "--db", "a.db", "--quiet").out == ""
    assert server.total == 1
    assert cli("resume", "1", "--depth", "2", "--db", "a.db", "--no-map").code == 0
    assert server.total == 3
    shallower = cli("resume", "1", "--depth", "1", "--db", "a.db")
    assert shallower.code == 2
    assert "depth 2" in shallower.line


def test_resume_keeps_the_crawls_own_rate_and_workers(cli: Cli, serve: Serve) -> None:
    serve(Tree())
    cli("seed", "instagram:a0", "-d", "1", "--rate", "90", "--workers", "2", "--no-map")
    cli("resume", "1", "--depth", "2", "--no-map")
    shown = {row["name"]: row["value"] for row in cli("crawls", "show", "1", "-f", "json").rows()}
    assert shown["settings.rate"] == 90
    assert shown["settings.workers"] == 2
    assert shown["settings.depth"] == 2


def test_quiet_is_quiet_but_for_errors(cli: Cli, serve: Serve) -> None:
    serve(Tree())
    ended = cli("seed", "instagram:a0", "-d", "2", "--rate", "0", "--quiet")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert Path("output/instagram-a0.html").exists()
    ended = cli("seed", "instagram:a0", "-d", "2", "--rate", "0", "--quiet", "--max-requests", "1")
    assert ended.out == ""
    assert "budget" in ended.line


def test_no_map_draws_none(cli: Cli, serve: Serve, folder: Path) -> None:
    serve(Tree())
    ended = cli("seed", "instagram:a0", "-d", "1", "--rate", "0", "--no-map")
    assert "map " not in ended.out
    assert [path.name for path in files_below(folder)] == ["graph.db"]


def test_a_map_of_ours_is_replaced_and_a_strangers_file_never(cli: Cli, serve: Serve) -> None:
    server = serve(Tree())
    page = Path("output/instagram-a0.html")
    common = ("seed", "instagram:a0", "-d", "1", "--rate", "0")
    assert cli(*common).code == 0
    first = page.read_bytes()
    assert cli(*common, "-d", "2").code == 0
    assert page.read_bytes() != first
    page.write_text("my own notes", encoding="utf-8")
    before = server.total
    ended = cli(*common)
    assert ended.code == 2
    assert "output/instagram-a0.html" in ended.line
    assert "--no-map" in ended.line
    assert page.read_text(encoding="utf-8") == "my own notes"
    assert server.total == before, "nothing is asked for a map that cannot be drawn"


def test_a_file_in_the_way_of_the_folder_of_maps(cli: Cli, serve: Serve) -> None:
    serve(Tree())
    Path("output").write_text("mine", encoding="utf-8")
    ended = cli("seed", "instagram:a0", "-d", "1", "--rate", "0", "--db", "a.db")
    assert ended.code == 2
    assert "output is no folder" in ended.line
    assert Path("output").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "name",
    ["..", "...", "../../evil", "..\\..\\evil", "/etc/passwd", "a/../../b", "-rf", "con", "%2e%2e"],
)
def test_a_hostile_name_cannot_leave_the_folder_of_maps(
    cli: Cli, serve: Serve, folder: Path, name: str
) -> None:
    serve(Hostile())
    Path("list.csv").write_text(f'network,username\ninstagram,"{name}"\n', encoding="utf-8")
    for given in (("--from", "list.csv"), ("--", name), ("--", f"instagram:{name}")):
        network = () if ":" in given[-1] else ("-n", "instagram")
        cli("seed", "-d", "1", "--rate", "0", *network, *given)
    parents = {path.parent for path in files_below(folder.parent)}
    assert parents <= {folder, folder / "output"}
    assert {path.suffix for path in files_below(folder)} <= {".html", ".db", ".csv"}


def test_a_hostile_name_in_a_strangers_database_cannot_either(
    cli: Cli, serve: Serve, folder: Path
) -> None:
    serve(Tree())
    assert cli("seed", "instagram:a0", "-d", "1", "--rate", "0", "--no-map").code == 0
    for name in ("../../evil", "/../../../evil", "x\0y", "a\nb", "n" * 5000):
        seeds = json.dumps([{"network": "instagram", "username": name, "id": None}])
        connection = sqlite3.connect("output/graph.db")
        connection.execute("UPDATE crawls SET seeds = ?", [seeds])
        connection.commit()
        connection.close()
        assert cli("resume", "1").code == 0
    assert {path.parent for path in files_below(folder.parent)} == {folder / "output"}
    assert len(list(Path("output").glob("*.html"))) > 1


SIGNS = "\x1b\x07\x9b\u202e\r"


def test_hostile_text_reaches_no_terminal(cli: Cli, serve: Serve) -> None:
    serve(Hostile())
    for command in (
        ("seed", "instagram:x", "-d", "2", "--rate", "0"),
        ("seed", "instagram:x", "-d", "1", "--db", f"{SIGNS}.db", "--no-map"),
        ("seed", "instagram:x", "-d", "1", "--max-requests", "1", "--db", f"{SIGNS}.db"),
        ("resume", "--db", f"{SIGNS}.db"),
        ("forget", "instagram:x", "--db", f"{SIGNS}.db"),
        ("map", "--output", f"{SIGNS}.html"),
        ("crawls",),
        ("crawls", "show", "1"),
        ("query", "SELECT * FROM nodes"),
        ("query", "SELECT * FROM edge_list", "-f", "csv"),
        ("query", "SELECT title FROM nodes", "-f", "tsv"),
        ("query", "SELECT title FROM nodes", "-f", "jsonl"),
        ("query", f"SELECT {Hostile.TEXT}"),
        ("forget", f"instagram:{Hostile.TEXT}"),
        (Hostile.TEXT,),
        ("seed", "instagram:x", f"--{Hostile.TEXT}"),
        ("crawls", "--format", Hostile.TEXT),
        ("crawls", "--db", Hostile.TEXT),
    ):
        ended = cli(*command)
        written = ended.out + ended.err
        assert written.strip()
        assert not set(written) & set(SIGNS), command
