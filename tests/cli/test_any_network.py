"""An imported graph of a network that the API does not know is asked about as any other."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.running import Cli

NODES = """\
id,username,title,network
1,Mr Hi,"Hi, Mister",club
2,anna,Anna,club
3,a:b/c,A to C,club
4,anna,Anna elsewhere,"the, other"
"""
EDGES = "source,target\n1,2\n2,1\n2,3\n3,2\n1,4\n"


@pytest.fixture(autouse=True)
def club(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "nodes.csv").write_text(NODES)
    (folder / "edges.csv").write_text(EDGES)
    monkeypatch.setenv("GRAPHCRAWL_DB", "club.db")
    ended = cli("import", "--nodes", "nodes.csv", "--edges", "edges.csv")
    assert ended.code == 0, ended.err


def test_every_command_takes_the_names_that_listings_write(cli: Cli) -> None:
    names = {"club:Mr Hi", "club:anna", "club:a:b/c", "the, other:anna"}
    for name in sorted(names):
        for line in (
            ("show", name, "-f", "json"),
            ("similar", name, "--min-shared", "1", "-f", "json"),
            ("tag", name, "mine"),
            ("note", name, "noted"),
        ):
            ended = cli(*line)
            assert (ended.code, ended.err) == (0, ""), line
    assert cli("path", "club:Mr Hi", "club:a:b/c").code == 0
    assert cli("between", "Mr Hi", "club:a:b/c").code == 0
    assert cli("creators", "merge", "club:anna", "the, other:anna").code == 0
    assert cli("creators", "split", "Mr Hi").code == 0
    assert [row["accounts"] for row in cli("tag", "-f", "json").rows()] == [4]


def test_filters_searches_and_files_take_the_network(cli: Cli, folder: Path) -> None:
    assert len(cli("top", "--filter", "network=club", "-f", "json").rows()) == 3
    assert len(cli("search", "anna", "--network", "club", "-f", "json").rows()) == 1
    (folder / "mine.csv").write_text("network,username,topic\nclub,Mr Hi,karate\n")
    assert "1 of 1 row joined" in cli("import", "--attributes", "mine.csv").out
    (folder / "list.csv").write_text("network,username\nclub,Mr Hi\nclub,a:b/c\n")
    assert cli("tag", "--from", "list.csv", "listed").code == 0
    assert len(cli("tag", "--list", "listed", "-f", "json").rows()) == 2


def test_a_network_that_nobody_is_on_is_a_slip_of_the_pen(cli: Cli) -> None:
    for line in (
        ("show", "clup:anna"),
        ("search", "anna", "--network", "clup"),
        ("tag", "clup:a", "x"),
    ):
        ended = cli(*line)
        assert ended.code == 2
        assert ended.err == (
            "graphcrawl: 'clup' is no network (did you mean club?); accounts here are on club, "
            "the, other\n"
        )


def test_they_can_be_forgotten(cli: Cli, folder: Path) -> None:
    cli("tag", "Mr Hi", "karateka")
    cli("note", "Mr Hi", "teaches on Mondays")
    assert cli("forget", "anna").code == 2  # of two networks
    gone = cli("forget", "Mr Hi")
    assert (gone.code, gone.err) == (0, "")
    assert "club:Mr Hi is forgotten: 1 account and 3 connections" in gone.out
    assert cli("show", "Mr Hi").code == 4
    for trace in (b"Mr Hi", b"mr hi", b"Hi, Mister", b"karateka", b"teaches on"):
        for file in folder.glob("club.db*"):
            assert trace not in file.read_bytes(), (trace, file)
    with closing(sqlite3.connect("club.db")) as connection:
        assert connection.execute("SELECT count(*) FROM nodes").fetchone() == (3,)
