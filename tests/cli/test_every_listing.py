"""Every command that lists, in every format: parsed, exact, within the width, in a stable order."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from rich.cells import cell_len

from graphcrawl.cells import guarded, in_cell, on_one_line
from graphcrawl.cli.listing import Format
from tests.cli.conftest import Serve
from tests.cli.running import Cli

NOTICE: Final = "simulated data: nothing here came from the vendor"

PROSE: Final = re.compile(
    r"graphcrawl |^related to creator|^from crawl| gained, |not compared|^simulated data|^dry run"
)

OF_THE_DATA: Final[tuple[tuple[str, ...], ...]] = (
    ("crawls",),
    ("crawls", "show", "1"),
    ("crawls", "failures", "1"),
    ("crawls", "failures", "1", "--limit", "1"),
    ("clusters",),
    ("clusters", "--limit", "2"),
    ("creators",),
    ("creators", "--limit", "2"),
    ("diff", "1", "2"),
    ("search", "na", "--limit", "0"),
    ("search", "artemsi"),
    ("query", "--named", "hubs"),
    ("query", "SELECT * FROM nodes ORDER BY id"),
)
OTHERS: Final[tuple[tuple[str, ...], ...]] = (
    ("query", "--list"),
    ("query", "SELECT 96809672 AS many, 0.734377 AS er, 1e-7 AS tiny, NULL AS none, 'a b' AS t"),
    ("doctor",),
    ("seed", "instagram:nasa", "--depth", "2", "--rate", "0", "--dry-run"),
)


@pytest.fixture
def crawled(cli: Cli, serve: Serve) -> None:
    serve()
    for seed in ("instagram:nasa", "twitter:nasa"):
        common = ("--rate", "0", "--no-map", "-d", "3")
        assert cli("seed", seed, "instagram:nosuch", *common).code == 0
    # What a crawl says of when it was does not change, but what is found now is written once.
    assert cli("clusters").code == 0
    assert cli("creators").code == 0


def rows_of(text: str, form: Format) -> list[dict[str, Any]]:
    if form is Format.JSON:
        rows: list[dict[str, Any]] = json.loads(text)
        return rows
    if form is Format.JSONL:
        return [json.loads(line) for line in text.splitlines()]
    return list(csv.DictReader(io.StringIO(text), delimiter="\t" if form is Format.TSV else ","))


@pytest.mark.usefixtures("crawled")
def test_all_formats_tell_the_same(cli: Cli) -> None:
    for line in (*OF_THE_DATA, *OTHERS):
        said = {form: cli(*line, "--format", form.value) for form in Format}
        assert {ended.code for ended in said.values()} == {0}, (line, said)
        rows = rows_of(said[Format.JSON].out, Format.JSON)
        assert rows, line
        assert rows_of(said[Format.JSONL].out, Format.JSONL) == rows
        for form, guard in ((Format.CSV, guarded), (Format.TSV, on_one_line)):
            cells = rows_of(said[form].out, form)
            assert cells == [
                {name: in_cell(value, guard) for name, value in row.items()} for row in rows
            ], line
        again = cli(*line, "--format", "json")
        assert again.out == said[Format.JSON].out, f"{line}: the same rows in the same order"
        if line in OF_THE_DATA:
            assert "simulated" in said[Format.TABLE].out + said[Format.TABLE].err, line
            machine = said[Format.CSV]
            assert "simulated" in machine.out or NOTICE in machine.err, line


@pytest.mark.usefixtures("crawled")
@pytest.mark.parametrize("width", [80, 40])
def test_tables_fit_the_terminal(cli: Cli, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for line in (*OF_THE_DATA, *OTHERS):
        ended = cli(*line)
        too_wide = [text for text in ended.out.splitlines() if cell_len(text) > width]
        # Sentences above and below a table are the terminal's to fold, or hold a command.
        assert [text for text in too_wide if not PROSE.search(text)] == [], line


@pytest.mark.usefixtures("crawled")
def test_numbers_are_exact_for_programs_and_readable_for_people(cli: Cli) -> None:
    sql = "SELECT 96809672 AS many, 0.734377123 AS er, 9007199254740993 AS large"
    (row,) = cli("query", sql, "-f", "json").rows()
    assert row == {"many": 96809672, "er": 0.734377123, "large": 9007199254740993}
    assert (
        cli("query", sql, "-f", "csv").out.splitlines()[1]
        == "96809672,0.734377123,9007199254740993"
    )
    table = cli("query", sql).out
    assert "96,809,672" in table
    assert "0.7344" in table


@pytest.mark.usefixtures("crawled")
def test_a_limit_is_said(cli: Cli) -> None:
    for line in (("clusters",), ("creators",), ("crawls", "failures", "1"), ("search", "na")):
        whole = cli(*line, "--limit", "0", "-f", "json").rows()
        assert len(whole) > 1, line
        assert cli(*line, "--limit", "1", "-f", "json").rows() == whole[:1]
        words = " ".join(cli(*line, "--limit", "1").out.split())
        assert "the first 1" in words
        assert "--limit 0 gives all" in words
        assert "--limit 0" not in cli(*line, "--limit", "0").out
        refused = cli(*line, "--limit", "-1")
        assert (refused.code, refused.out) == (2, "")


def test_an_empty_listing_is_one_in_every_format(cli: Cli, serve: Serve) -> None:
    serve()
    assert cli("seed", "instagram:nasa", "-d", "0", "--rate", "0", "--no-map").code == 0
    for line in (("crawls", "failures", "1"), ("creators",), ("search", "qqqq")):
        assert cli(*line, "-f", "json").rows() == []
        assert cli(*line, "-f", "jsonl").out == ""
        assert len(cli(*line, "-f", "csv").out.splitlines()) == 1
        assert len(cli(*line, "-f", "tsv").out.splitlines()) == 1
    assert Path("output/graph.db").exists()
