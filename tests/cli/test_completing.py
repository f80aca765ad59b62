"""What a shell offers when Tab is pressed; asked through a real bash."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from graphcrawl.cli.completing import joined_at_colons
from graphcrawl.sql.words import statement
from tests.cli.conftest import Serve
from tests.cli.running import COMMAND, Cli, run

DB: Final = "output/graph.db"

BREAKS: Final = frozenset(":= ")
"""Where bash parts words: its own COMP_WORDBREAKS, as far as these tests need it."""

HOSTILE: Final = (
    *("na$(touch pwned)", "na`touch pwned`", "na;touch pwned", "na'x", 'na"x', "na x", "na*"),
    *("na\x1b[31m", "na\nx", "na\\x", "na&x", "na|x", "na>x", "na{a,b}", "na~", "na!x", "na?"),
)


@pytest.fixture
def crawled(cli: Cli, serve: Serve) -> Path:
    serve()
    common = ("-d", "2", "--rate", "0", "--no-map")
    assert cli("seed", "instagram:nasa", *common).code == 0
    assert cli("seed", "instagram:nasa", *common, "--max-requests", "1").code == 5
    return Path(DB)


@cache
def script() -> str:
    environ = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    return run("--show-completion", "bash", environ=environ).out


def in_bash(line: str) -> list[str]:
    """What bash offers for a line, by Typer's own script, as it would offer it at a prompt."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    words = parted(line)
    program = shlex.join(COMMAND)
    driver = (
        f"{script()}\nCOMP_WORDS=({shlex.join(words)})\nCOMP_CWORD={len(words) - 1}\n"
        "_graphcrawl_completion ./graphcrawl\n"
        'printf "%s\\0" "${COMPREPLY[@]}"\n'
    )
    Path("graphcrawl").write_text(f'#!/bin/sh\nexec {program} "$@"\n', encoding="utf-8")
    Path("graphcrawl").chmod(0o755)
    ended = subprocess.run(
        [bash, "--norc", "-c", driver], capture_output=True, encoding="utf-8", timeout=60
    )
    assert ended.stderr == ""
    return [word for word in ended.stdout.split("\0") if word]


def parted(line: str) -> list[str]:
    words, word = [], ""
    for character in line:
        if character in BREAKS:
            words += [word] * bool(word) + [character] * (character != " ")
            word = ""
        else:
            word += character
    return [*words, *([word] if word or line.endswith(" ") else [])]


@pytest.mark.usefixtures("crawled")
def test_bash_offers_what_fits() -> None:
    for line, offered in (
        ("graphcrawl see", {"seed"}),
        ("graphcrawl query --named ri", {"rim"}),
        ("graphcrawl forget instagram:nasaar", {"nasaartemis"}),
        ("graphcrawl forget inst", "instagram:nasaartemis"),
        ("graphcrawl forget youtube:id:UC_", {"UC_aP7p621ATY_yAa8jMqUVA"}),
        ("graphcrawl forget --network instagram nasaar", {"nasaartemis"}),
        ("graphcrawl creators merge twitter:nasa instagram:nasaar", {"nasaartemis"}),
        ("graphcrawl forget nasaar", {"nasaartemis"}),
        ("graphcrawl seed nasaar", set()),
        ("graphcrawl forget nowhere:nasa", set()),
        ("graphcrawl path instagram:nasaar", {"nasaartemis"}),
        ("graphcrawl path nasaartemis instagram:nasaar", {"nasaartemis"}),
        ("graphcrawl between nasa nasaar", {"nasaartemis"}),
        ("graphcrawl show nasaar", {"nasaartemis"}),
        ("graphcrawl similar nasaar", {"nasaartemis"}),
        ("graphcrawl tag instagram:nasaar", {"nasaartemis"}),
        ("graphcrawl note nasaar", {"nasaartemis"}),
        ("graphcrawl forget --network you", {"youtube"}),
        ("graphcrawl crawls show ", {"1", "2"}),
        ("graphcrawl map --crawl 2", {"2"}),
        ("graphcrawl refresh ", {"1", "2"}),
        ("graphcrawl refresh instagram:nasaar", {"nasaartemis"}),
        (f"graphcrawl forget --db {DB} instagram:nasaar", {"nasaartemis"}),
        ("graphcrawl creators --db no.db merge instagram:nasaar", set()),
    ):
        found = in_bash(line)
        assert offered in found if isinstance(offered, str) else set(found) == offered, line


@pytest.mark.usefixtures("crawled")
def test_other_shells_are_told_how_crawls_stand() -> None:
    environ = {
        "_GRAPHCRAWL_COMPLETE": "complete_fish",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_ARGS": "graphcrawl crawls show ",
    }
    lines = dict(line.split("\t") for line in run(environ=environ).out.splitlines())
    assert lines["1"].startswith("complete 20")
    assert lines["2"].startswith("interrupted 20")
    zsh = {
        "_GRAPHCRAWL_COMPLETE": "complete_zsh",
        "_TYPER_COMPLETE_ARGS": "graphcrawl forget instagram:nasaar",
    }
    assert run(environ=zsh).out == "_arguments '*: :((\"instagram\\\\:nasaartemis\"))'\n"


def test_names_that_a_shell_could_obey_are_left_out(crawled: Path, folder: Path) -> None:
    with closing(sqlite3.connect(crawled)) as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM nodes ORDER BY id LIMIT 17")]
        for node_id, name in zip(ids, HOSTILE, strict=True):
            connection.execute(
                "UPDATE nodes SET network = 'instagram', username = ?, name_key = ?, "
                "social_id = social_id || ? WHERE id = ?",
                (name, name, name, node_id),
            )
        connection.execute("UPDATE crawls SET status = '$(touch pwned)', started_at = '`x`'")
        connection.commit()
    Path("nab").touch()
    before = sorted(path for path in folder.rglob("*") if path.name != "graphcrawl")
    assert not set(in_bash("graphcrawl forget instagram:na")) & {*HOSTILE, "nab"}
    assert in_bash("graphcrawl forget instagram:id:")
    assert set(in_bash("graphcrawl crawls show ")) == {"1", "2"}
    for shell in ("zsh", "fish"):
        for line in ("forget instagram:na", "crawls show "):
            answer = run(
                environ={
                    "_GRAPHCRAWL_COMPLETE": f"complete_{shell}",
                    "_TYPER_COMPLETE_FISH_ACTION": "get-args",
                    "_TYPER_COMPLETE_ARGS": f"graphcrawl {line}",
                }
            )
            assert not set("$`;\x1b") & set(answer.out), answer.out
            assert "touch" not in answer.out
    assert before == sorted(path for path in folder.rglob("*") if path.name != "graphcrawl")


@pytest.mark.parametrize("content", [None, b"", b"no database", b"SQLite format 3\0" + b"x" * 99])
def test_whatever_is_wrong_is_silence(content: bytes | None) -> None:
    if content is not None:
        Path("bad.db").write_bytes(content)
    for line in ("forget --db bad.db instagram:na", "crawls --db bad.db show "):
        assert in_bash(f"graphcrawl {line}") == []
    assert Path("bad.db").exists() is (content is not None)
    assert not list(Path().glob("bad.db-*"))


def test_many_names_begin_as_all_of_the_databases_do(crawled: Path) -> None:
    """A shell types at once what all offers begin with."""
    with closing(sqlite3.connect(crawled)) as connection:
        rows = [(f"n{n:04}", f"many{letter}{n:04}") for letter in "ab" for n in range(200)]
        connection.executemany(
            "INSERT INTO nodes (network, social_id, username, name_key, first_seen_at, "
            "last_seen_at, valid_from) SELECT 'tiktok', ?2, ?2, ?2, '2026', '2026', '2026'",
            rows,
        )
        connection.commit()
    found = in_bash("graphcrawl forget tiktok:many")
    assert len(found) == 50
    assert {name[:5] for name in found} == {"manya", "manyb"}


def test_it_loads_nothing_slow_and_asks_by_index(crawled: Path) -> None:
    """0.15 to 0.2 s in all on a quiet machine; SQLAlchemy alone would take as long again."""
    heavy = ("sqlalchemy", "numpy", "networkx", "requests", "alembic", "rich")
    code = (
        "import sys\nfrom graphcrawl.cli.main import main\n"
        "print(main([]), file=sys.stderr)\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)\n"
    )
    environ = {
        "_GRAPHCRAWL_COMPLETE": "complete_bash",
        "COMP_WORDS": "graphcrawl\nforget\ninstagram\n:\nnasaar",
        "COMP_CWORD": "4",
    }
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, **environ},
    )
    assert ran.stdout == "nasaartemis\n"
    assert ran.stderr.split() == ["0", "[]"]
    with closing(sqlite3.connect(crawled)) as connection:
        for key in ("name_key", "social_id"):
            sql = statement(key, "username", "ASC")
            (plan,) = connection.execute(
                f"EXPLAIN QUERY PLAN {sql}", {"network": "", "first": "", "after": ""}
            )
            assert f"(network=? AND {key}>? AND {key}<?)" in plan[-1]


def test_words_are_joined_only_at_colons() -> None:
    assert joined_at_colons("g\nforget\na", 2) == ("g\nforget\na", 2)
    assert joined_at_colons("g\nf\ninstagram\n:", 3) == ("g\nf\ninstagram:", 2)
    assert joined_at_colons("g\nf\na\n:\nid\n:\nx\nb", 7) == ("g\nf\na:id:x\nb", 3)
    assert joined_at_colons("g\n", 1) == ("g\n", 1)
