from __future__ import annotations

import csv
import gzip
import time
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphcrawl.errors import InputError
from graphcrawl.model import AccountRef
from graphcrawl.simulator import Columns, FileWorld, NoReport, Report
from tests.conftest import FacebookPages


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def world_of(folder: Path, nodes: str, edges: str, *, undirected: bool = False) -> FileWorld:
    return FileWorld(
        written(folder, "nodes.csv", nodes),
        written(folder, "edges.csv", edges),
        undirected=undirected,
    )


def listed(world: FileWorld, social_id: str, network: str = "instagram") -> list[str]:
    reply = world.look_up(AccountRef(network, social_id=social_id))
    assert isinstance(reply, Report)
    return [a.social_id for a in reply.connections]


def test_the_usual_columns_and_their_values(tmp_path: Path) -> None:
    world = world_of(
        tmp_path,
        "id,username,title,network,subscribers,extra\n"
        '7,seven,"Seven, Ltd 七",youtube,1200,x\n'
        "8,,,,,\n",
        "source,target\n7,8\n",
    )
    seven, eight = world.accounts()
    assert (seven.social_id, seven.username, seven.title) == ("7", "seven", "Seven, Ltd 七")
    assert (seven.network, seven.subscribers_count, seven.er) == ("youtube", 1200, None)
    assert (eight.username, eight.network) == ("8", "instagram")
    assert (eight.title, eight.subscribers_count) == (None, None)
    assert (world.entrance.network, world.entrance.social_id) == ("youtube", "7")


def test_id_and_edges_alone_are_enough(tmp_path: Path) -> None:
    world = world_of(tmp_path, "id\nb\na\n", "source,target\na,b\n")
    assert listed(world, "a") == ["b"]
    assert listed(world, "b") == []
    assert isinstance(world.look_up(AccountRef("instagram", "A")), Report)
    assert world.look_up(AccountRef("youtube", "a")) == NoReport()


def test_chosen_columns(tmp_path: Path) -> None:
    nodes = written(tmp_path, "n", "key,nick,label,site,fans\n1,one,One,tiktok,5\n2,two,,tiktok,\n")
    edges = written(tmp_path, "e", "to,from\n2,1\n")
    columns = Columns(
        id="key",
        username="nick",
        title="label",
        network="site",
        subscribers="fans",
        source="from",
        target="to",
    )
    world = FileWorld(nodes, edges, columns=columns)
    reply = world.look_up(AccountRef("tiktok", "ONE"))
    assert isinstance(reply, Report)
    assert (reply.own.title, reply.own.subscribers_count) == ("One", 5)
    assert [a.username for a in reply.connections] == ["two"]


def test_undirected_edges_are_listed_from_both_ends_in_the_files_order(tmp_path: Path) -> None:
    edges = "source,target\nc,a\na,b\nb,a\na,a\nd,a\n"
    directed = world_of(tmp_path, "id\na\nb\nc\nd\n", edges)
    assert [listed(directed, n) for n in "abcd"] == [["b"], ["a"], ["a"], ["a"]]
    both = world_of(tmp_path, "id\na\nb\nc\nd\n", edges, undirected=True)
    assert [listed(both, n) for n in "abcd"] == [["c", "b", "d"], ["a"], ["a"], ["a"]]


def test_of_two_with_one_name_the_first_is_found(tmp_path: Path) -> None:
    world = world_of(tmp_path, "id,username\n1,Same\n2,same\n", "source,target\n")
    reply = world.look_up(AccountRef("instagram", "same"))
    assert isinstance(reply, Report)
    assert reply.own.social_id == "1"


def test_gzip_is_known_by_its_content(tmp_path: Path) -> None:
    nodes = written(tmp_path, "nodes.csv", gzip.compress("\ufeffid\nä\n".encode()))
    edges = written(tmp_path, "edges.csv", "source,target\n")
    assert FileWorld(nodes, edges).accounts()[0].social_id == "ä"


@pytest.mark.parametrize(
    ("nodes", "problem"),
    [
        ("id,title\n1\n", r"line 2: 1 fields, not 2"),
        ("id\n1\n\n\n1\n", r"line 5: the ID '1' again"),
        ("id,title\n,x\n", r"line 2: no ID"),
        ("id,subscribers\n1,many\n", r"line 2: subscribers 'many' is no whole number"),
        ("id,subscribers\n1,-4\n", r"line 2: subscribers '-4' is no whole number"),
        ("id,subscribers\n1,٣\n", r"line 2: subscribers '٣' is no whole number"),
        ('id,title\n"1","two\nlines"\n2,x,y\n', r"line 4: 3 fields, not 2"),
        ("name\n1\n", r"no column 'id'; it has name; see --id"),
        ("", r"line 1: no column names"),
        ("id\n", r"no accounts"),
        ("id\n1\n" + "x" * 200_000 + "\n", r"line 3: field larger than field limit"),
    ],
)
def test_broken_nodes_are_named_by_line(tmp_path: Path, nodes: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as caught:
        world_of(tmp_path, nodes, "source,target\n")
    assert str(tmp_path / "nodes.csv") in str(caught.value)


@pytest.mark.parametrize(
    ("edges", "problem"),
    [
        ("source,target\n1,2\n1,9\n", r"line 3: no account has the ID '9'"),
        ("source,target\n,2\n", r"line 2: no account has the ID ''"),
        ("source,target\n1\n", r"line 2: 1 fields, not 2"),
        ("a,b\n1,2\n", r"no column 'source'; it has a, b; see --source"),
        ("source,b\n1,2\n", r"no column 'target'"),
    ],
)
def test_broken_edges_are_named_by_line(tmp_path: Path, edges: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        world_of(tmp_path, "id\n1\n2\n", edges)


def test_many_broken_rows_are_one_error_that_names_the_first_ten(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        world_of(tmp_path, "id\n1\n", "source,target\n" + "1,x\n" * 25)
    message = str(caught.value)
    assert message.count("line ") == 10
    assert message.endswith("; and 15 more")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (gzip.compress(b"id\n" + b"1234567890\n" * 50)[:-12], "cannot be read"),
        (b"\x1f\x8bnonsense", "cannot be read"),
        (b"id\n1\n\xff\xfe\n", "line 3: not UTF-8"),
        (gzip.compress(b"id\n1\n2\n\xff\xfe\n"), "line 4: not UTF-8"),
    ],
)
def test_unreadable_files_are_bad_input(tmp_path: Path, content: bytes, problem: str) -> None:
    nodes = written(tmp_path, "nodes.csv", content)
    with pytest.raises(InputError, match=problem):
        FileWorld(nodes, written(tmp_path, "edges.csv", "source,target\n"))


def test_a_missing_file_and_a_missing_column_are_bad_input(tmp_path: Path) -> None:
    nodes = written(tmp_path, "nodes.csv", "id\n1\n")
    with pytest.raises(InputError, match="No such file"):
        FileWorld(nodes, tmp_path / "none.csv")
    with pytest.raises(InputError, match="no column 'nick'"):
        FileWorld(nodes, nodes, columns=Columns(username="nick"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    st.lists(st.text(min_size=1, max_size=6).filter(lambda t: t.isprintable()), min_size=1),
    st.data(),
)
def test_any_graph_is_served_as_it_was_written(
    tmp_path: Path, names: list[str], data: st.DataObject
) -> None:
    ids = list(dict.fromkeys(names))
    edges = data.draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids))))
    for name, rows in (("n.csv", [("id",), *((i,) for i in ids)]), ("e.csv", edges)):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if name == "e.csv":
                writer.writerow(("source", "target"))
            writer.writerows(rows)
    world = FileWorld(tmp_path / "n.csv", tmp_path / "e.csv")
    assert [a.social_id for a in world.accounts()] == ids
    for source in ids:
        expected = dict.fromkeys(t for s, t in edges if s == source and t != source)
        assert listed(world, source) == list(expected)


@pytest.mark.facebook
def test_the_facebook_pages_are_served_exactly(facebook_pages: FacebookPages) -> None:
    begun = time.process_time()
    world = FileWorld(
        facebook_pages.nodes,
        facebook_pages.edges,
        columns=Columns(id="page_id", title="page_name", source="page_id_1", target="page_id_2"),
        undirected=True,
    )
    assert time.process_time() - begun < 5
    expected: dict[str, list[str]] = defaultdict(list)
    with gzip.open(facebook_pages.edges, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            expected[row["page_id_1"]].append(row["page_id_2"])
            expected[row["page_id_2"]].append(row["page_id_1"])
    accounts = world.accounts()
    assert len(accounts) == 22_470
    assert sum(map(len, expected.values())) == 2 * 170_823
    assert all(listed(world, a.social_id) == expected[a.social_id] for a in accounts)
