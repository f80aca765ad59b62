from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import graphcrawl
from tests.cli.running import Cli, run

COMMANDS = (
    *("seed", "resume", "refresh", "crawls", "map", "clusters", "creators", "top"),
    *("path", "between", "show", "similar", "search", "diff", "query", "export", "import"),
    *("tag", "note", "login", "doctor", "forget", "simulator"),
)


def test_alone_it_shows_the_way_in(cli: Cli) -> None:
    ended = cli()
    assert ended.code == 0
    assert "graphcrawl seed nasa --network instagram --depth 2 --demo" in ended.out
    assert "graphcrawl doctor" in ended.out
    assert "graphcrawl --help" in ended.out
    assert ended.err == ""
    assert max(map(len, ended.out.splitlines())) <= 80


def test_the_version(cli: Cli) -> None:
    assert cli("--version").out == f"graphcrawl {graphcrawl.__version__}\n"


def test_help_lists_every_command_whole_and_in_the_order_of_use(cli: Cli) -> None:
    ended = cli("--help")
    assert ended.code == 0
    listed = re.findall(r"^  ([a-z]+)  +[A-Z].*\.$", ended.out, re.MULTILINE)
    assert tuple(listed) == COMMANDS
    for code in ("0 complete", "2 bad usage", "3 credentials", "4 not found", "5 incomplete"):
        assert code in ended.out


@pytest.mark.parametrize(
    "command",
    [
        (),
        *((name,) for name in COMMANDS),
        ("crawls", "show"),
        ("creators", "merge"),
        ("creators", "split"),
        *(("export", name) for name in ("gexf", "graphml", "csv", "json", "parquet", "xlsx")),
        ("export", "datasette"),
    ],
)
def test_help_fits_a_terminal_and_breaks_nothing_off(cli: Cli, command: tuple[str, ...]) -> None:
    ended = cli(*command, "--help")
    assert ended.code == 0
    assert max(map(len, ended.out.splitlines())) <= 80
    listed = ended.out.partition("Commands:")[2]
    assert "..." not in listed
    assert ended.out == cli(*command, "-h").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("sed", "nasa"),
            (
                "'sed'",
                "Did you mean 'seed'? See graphcrawl --help",
            ),
        ),
        (("crawls", "shwo", "1"), ("Did you mean 'show'?", "graphcrawl crawls --help")),
        (("seed", "nasa", "--depht", "2"), ("--depht", "did you mean --depth?")),
        (("map", "--ouput", "x"), ("did you mean --output?", "graphcrawl map --help")),
        (("query", "SELECT 1", "--named", "rim"), ("one of SQL, --named, --file and --list",)),
        (("query", "--named", "hbus"), ("did you mean hubs?", "rim, not-asked")),
        (("query", "--named", "new", "-p", "snice=1"), ("new has no such value", "since")),
        (("query", "--file", "nobody.sql"), ("nobody.sql", "No such file")),
        (("search",), ("Missing argument 'TEXT...'",)),
        (("forget",), ("Missing argument 'ACCOUNT'",)),
        (("crawls", "show"), ("Missing argument 'CRAWL'",)),
        (("seed", "nasa", "--rate", "x"), ("'--rate'", "graphcrawl seed --help")),
        (("seed", "nasa", "--workers", "1.5"), ("'--workers'",)),
        (("crawls", "show", "x"), ("'CRAWL'",)),
        (("map", "--crawl", "x"), ("'--crawl'",)),
        (("query", "SELECT 1", "--timeout", "x"), ("'--timeout'",)),
        (("query", "SELECT 1", "--timeout", "0"), ("more than 0 seconds",)),
        (("query", "SELECT 1", "--timeout", "nan"), ("more than 0 seconds",)),
        (("query", "SELECT 1", "--param", "x"), ("name=value",)),
        (("export",), ("name a format: gexf, graphml, csv, json, parquet, xlsx",)),
        (("export", "gxef"), ("'gxef'", "Did you mean 'gexf'?", "graphcrawl export --help")),
        (("export", "gexf", "--filter", "depth=x"), ("--filter 'depth=x'",)),
        (("crawls", "--format", "xml"), ("'xml' is not one of 'table', 'json'",)),
        (("seed",), ("no account to start from", "--from FILE")),
        (("seed", "nasa"), ("--network", "instagram, youtube, twitter, tiktok, twitch, snapchat")),
        (("seed", "nasa", "-n", "instagran"), ("did you mean instagram?",)),
        (("seed", "instagran:nasa"), ("did you mean instagram?",)),
        (("seed", "instagram:nasa", "--depth", "-1"), ("--depth '-1'",)),
        (("seed", "instagram:nasa", "--depth", "1_0"), ("--depth '1_0'",)),
        (("seed", "instagram:nasa", "--depth", "9" * 5000), ("--depth",)),
        (("seed", "instagram:nasa", "--demo", "--depth", "99999999999"), ("--depth",)),
        (("seed", "instagram:nasa", "--demo", "--rate", "-1"), ("--rate -1",)),
        (("seed", "instagram:nasa", "--demo", "--rate", "9" * 30), ("--rate 9",)),
        (("seed", "instagram:nasa", "--demo", "--workers", "0"), ("--workers 0",)),
        (("seed", "instagram:nasa", "--demo", "--max-requests", "0"), ("--max-requests 0",)),
        (("seed", "--from", "nobody.csv", "--demo"), ("nobody.csv", "No such file")),
        (("simulator", "--faults", "2"), ("'--faults'",)),
        (("simulator", "--fault", "hagn"), ("'hagn'", "429-retry-after", "hang")),
        (("simulator", "--own-row", "middle"), ("'first', 'last', 'never'",)),
        (("simulator", "--nodes", "nodes.csv"), ("--nodes and --edges need each other",)),
        (("simulator", "--undirected"), ("--undirected",)),
        (("import",), ("nothing to import", "--edges FILE")),
        (("import", "nobody.gexf"), ("nobody.gexf", "No such file")),
        (("import", "g.gexf", "--edges", "e.csv"), ("not both",)),
        (("import", "--nodes", "n.csv"), ("--edges FILE",)),
        (("simulator", "--port", "70000"), ("'--port'",)),
    ],
    ids=lambda given: " ".join(given)[:40] if isinstance(given, tuple) else None,
)
def test_a_wrong_usage_is_one_line_and_two(
    cli: Cli, folder: Path, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    ended = cli(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.line.startswith("graphcrawl: ")
    for word in words:
        assert word in ended.line
    assert "Traceback" not in ended.err
    assert list(folder.iterdir()) == []


def test_the_vendors_limit_is_no_wish(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYPEAUDITOR_ID", "1")
    monkeypatch.setenv("HYPEAUDITOR_TOKEN", "t")
    # A dead proxy, lest a broken check should let a request out.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    for rate in ("0", "100"):
        ended = cli("seed", "instagram:nasa", "--rate", rate)
        assert ended.code == 2
        assert "give 1 to 99" in ended.line


def test_our_own_fault_is_one_line_and_its_traceback_only_for_debug(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug\x1b[31m")

    monkeypatch.setattr("graphcrawl.database.Database.crawls", broken)
    ended = cli("crawls")
    assert ended.code == 1
    assert "RuntimeError" in ended.line
    assert "--debug" in ended.line
    assert "\x1b" not in ended.line
    debugged = cli("crawls", "--debug")
    assert debugged.code == 1
    assert "Traceback" in debugged.err
    assert "in broken" in debugged.err


def test_completion_can_be_installed_and_answers(folder: Path) -> None:
    home = folder / "home"
    home.mkdir()
    # Typer looks for a shell among the parents of its process, and this one's may be any.
    environ = {"HOME": str(home), "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    installed = run("--install-completion", "bash", environ=environ)
    assert installed.code == 0, installed.err
    assert "Traceback" not in installed.err
    script = next(home.rglob("*.sh")).read_text(encoding="utf-8")
    assert "_GRAPHCRAWL_COMPLETE" in script
    asked = run(
        environ={
            "_GRAPHCRAWL_COMPLETE": "complete_bash",
            "COMP_WORDS": "graphcrawl se",
            "COMP_CWORD": "1",
        }
    )
    assert asked.out.split() == ["seed", "search"]


def test_a_command_loads_no_other() -> None:
    code = (
        "import sys\n"
        "from graphcrawl.cli.main import main\n"
        "assert main(['clusters', '--help']) == 0\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = set(ran.stderr.split())
    assert "graphcrawl.cli.clustering" in loaded
    assert not loaded & {"graphcrawl.cli.crawling", "graphcrawl.simulator", "graphcrawl.store"}


def test_help_starts_without_the_heavy_libraries() -> None:
    heavy = ("pyvis", "IPython", "networkx", "numpy", "sqlalchemy", "alembic", "requests")
    code = (
        "import sys\n"
        "from graphcrawl.cli.main import main\n"
        "assert main(['seed', '--help']) == 0\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stderr.strip() == "[]"
