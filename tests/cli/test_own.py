"""`tag`, `note`, `import --attributes`, `map --color`: words of one's own on the command line."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcrawl.cli.listing import Format
from graphcrawl.graph.kinds import SPOKEN, Kind, kind_of, value_of
from tests.cli.running import Cli, Hostile

DB = ("--db", "output/demo.db")
BLOCK = re.compile(r'<script type="application/json" id="graph-data">(.*?)</script>', re.DOTALL)


@pytest.fixture
def demo(cli: Cli) -> Cli:
    """A command line on a crawl of the simulator's first day."""
    seed = ("seed", "nasa", "--network", "instagram", "--depth", "2", "--demo", "--no-map", "-q")
    assert cli(*seed).code == 0

    def run(*arguments: str) -> object:
        return cli(*arguments, *DB)

    return run  # type: ignore[return-value]


def test_tags_are_put_listed_and_taken_off(demo: Cli) -> None:
    assert (
        demo("tag", "instagram:nasa", "Press", "to  ask").out == "instagram:nasa: press, to ask\n"
    )
    assert demo("tag", "nasaartemis", "press").out == "instagram:nasaartemis: press\n"
    counted = demo("tag", "--format", "json").rows()
    assert [(row["tag"], row["accounts"], row["source"]) for row in counted] == [
        ("press", 2, "simulated"),
        ("to ask", 1, "simulated"),
    ]
    bearers = demo("tag", "--list", "press", "to ask", "--format", "jsonl")
    assert json.loads(bearers.out)["tags"] == ["press", "to ask"]
    assert json.loads(bearers.out)["followers"] == 96_809_672
    (row,) = csv.DictReader(io.StringIO(demo("tag", "--list", "to ask", "-f", "csv").out))
    assert (row["social_id"], row["tags"]) == ("528817151", "press, to ask")
    assert demo("tag", "instagram:nasa", "press", "--remove").out == "instagram:nasa: to ask\n"
    assert demo("tag", "instagram:nasa", "to ask", "--remove").out == "instagram:nasa: no tags\n"
    assert "simulated data" in demo("tag").out


def test_a_list_of_accounts_gets_tags_at_once(demo: Cli, folder: Path) -> None:
    (folder / "list.txt").write_text("instagram:nasa\nhttps://www.youtube.com/@nasa\n")
    assert demo("tag", "--from", "list.txt", "agency", "space").out == "4 tags put on 2 accounts\n"
    assert demo("tag", "youtube:nasa", "--format", "tsv").out.splitlines()[1:] == [
        "agency\tyoutube:nasa\tsimulated",
        "space\tyoutube:nasa\tsimulated",
    ]


WRONG: Final[tuple[tuple[tuple[str, ...], int, str], ...]] = (
    (("tag", "nasa", "x"), 2, "instagram:nasa, twitter:nasa, youtube:nasa"),
    (("tag", "nasaartemiss", "x"), 4, "did you mean instagram:nasaartemis"),
    (("tag", "instagram:nasa", "youtube:nasa", "x"), 2, "--from FILE"),
    (("tag", "instagram:nasa", ""), 2, "a tag is empty"),
    (("tag", "instagram:nasa", "a\x1b[31m"), 2, "cannot be seen"),
    (("tag", "instagram:nasa", "--remove"), 2, "which tag?"),
    (("tag", "--list", "--remove"), 2, "--list only lists"),
    (("note", "instagram:nasa"), 4, "has no note"),
    (("note", "instagram:nasa", " "), 2, "the note is empty"),
    (("note", "instagram:nasa", "a\x07"), 2, "cannot be seen"),
    (("note", "--remove"), 2, "whose note?"),
    (("note", "instagram:nasa", "x", "--remove"), 2, "leave out the text"),
    (("map", "--color", "press"), 2, "there are auto, network, cluster, tag"),
    (("map", "--filter", "tag=none"), 4, "has tag=none"),
    (("import", "--text", "x"), 2, "--attributes"),
    (("import", "x.csv", "--attributes", "y.csv"), 2, "one at a time"),
    (("import", "--attributes", "y.csv"), 2, "y.csv: cannot be read"),
    (("import", "--remove-column", "x\x1b"), 4, "your own are: none"),
)


def test_what_cannot_be_done_is_one_line(demo: Cli) -> None:
    for arguments, code, words in WRONG:
        ended = demo(*arguments)
        assert (ended.code, ended.out) == (code, ""), arguments
        assert words in ended.line
        assert ended.line.isprintable()


def test_a_note_is_written_shown_listed_and_replaced_without_loss(demo: Cli) -> None:
    first = demo("note", "nasaartemis", "=1+1\nsecond line")
    assert (first.out, first.err) == ("instagram:nasaartemis: the note is written\n", "")
    assert demo("note", "nasaartemis").out == "=1+1\nsecond line\n"
    (row,) = csv.DictReader(io.StringIO(demo("note", "--format", "csv").out, newline=""))
    assert row["note"] == "'=1+1\nsecond line"
    second = demo("note", "nasaartemis", "new")
    assert second.err == "It was:\n=1+1\nsecond line\n"
    assert demo("note", "nasaartemis", "--remove").err == "It was:\nnew\n"
    assert demo("note", "--format", "json").rows() == []


def drawn(demo: Cli, *arguments: str) -> Any:
    ended = demo("map", "--output", "-", *arguments)
    assert ended.code == 0, ended.err
    (block,) = BLOCK.findall(ended.out)
    return json.loads(block)


def test_all_of_it_stays_through_another_day(demo: Cli, cli: Cli, folder: Path) -> None:
    (folder / "mine.csv").write_text("account,topic\ninstagram:nasa,space\nyoutube:nasa,film\n")
    assert demo("tag", "instagram:nasa", "press").code == 0
    assert demo("note", "instagram:nasa", "a note").code == 0
    assert demo("import", "--attributes", "mine.csv").code == 0
    tables = ("tags", "notes", "own_columns", "own_values")

    def held() -> list[object]:
        return [demo("query", f"SELECT * FROM {one}", "-f", "json").rows() for one in tables]

    before = held()
    assert cli("refresh", "--demo", "--demo-day", "30", "-q").code == 0
    assert demo("query", "SELECT count(*) AS n FROM node_history", "-f", "json").rows() != [
        {"n": 0}
    ]
    assert held() == before
    data = drawn(demo, "--color", "topic", "--filter", "tag=press")
    assert data["shading"]["shades"] == [{"text": "space", "hue": "cluster-0"}]
    (node,) = data["nodes"]
    assert node["added"] == {"tags": ["press"], "note": "a note", "values": [[0, "space"]]}
    assert cli("forget", "instagram:nasa", "--yes", *DB).code == 0
    assert demo("query", "SELECT text FROM own_values", "-f", "json").rows() == [{"text": "film"}]
    assert b"a note" not in (folder / "output" / "demo.db").read_bytes()


MINE = """\
Account;topic;budget;verified;code;title
instagram:nasa;space;1200;yes;007;x
https://www.youtube.com/@nasa;=1+1;-3.5;No;1;y
twitter:id:11348282; ;;;;
nasaartemis;a"b;1e3;TRUE;12;
tiktok:nobody;x;1;yes;2;
"""


def test_a_file_of_ones_own_joins_the_accounts(demo: Cli, folder: Path) -> None:
    (folder / "mine.csv").write_text(MINE)
    said = demo("import", "--attributes", "mine.csv")
    assert said.out.splitlines()[:7] == [
        "4 of 5 rows joined to accounts",
        "  topic: text, 3 accounts",
        "  budget: number, 3 accounts",
        "  verified: yes-no, 3 accounts",
        "  code: text, 3 accounts",
        "  1 row of accounts that are not here: line 6 tiktok:nobody",
        "  passed over: title (graphcrawl's own names; rename what is yours)",
    ]
    rows = demo(
        "query",
        "SELECT n.network, v.name, coalesce(v.number, v.text) AS value FROM own_values v "
        "JOIN nodes n ON n.id = v.node_id ORDER BY v.name, n.network, n.username",
        "--format",
        "json",
    ).rows()
    assert [row["value"] for row in rows] == [
        *(1200, 1000, -3.5),
        *("007", "12", "1"),
        *("space", 'a"b', "=1+1"),
        *(1, 1, 0),
    ]
    # Again, with other values: each column is replaced whole, and another one stays.
    (folder / "more.csv").write_text("network,username,budget\ninstagram,NASA,7\n")
    assert "budget: integer, 1 account" in demo("import", "--attributes", "more.csv").out
    kinds = demo("query", "SELECT name, kind FROM own_columns", "-f", "json").rows()
    assert {row["name"]: row["kind"] for row in kinds}["budget"] == "integer"
    assert len(kinds) == 4
    assert demo("import", "--remove-column", "code").out == "1 column deleted: code\n"


def test_a_column_of_ones_own_chooses_accounts_everywhere(demo: Cli, folder: Path) -> None:
    (folder / "mine.csv").write_text(
        "account,topic,budget\ninstagram:nasa,Space,1200\nyoutube:nasa,space,50\n"
        "nasaartemis,moon,\n"
    )
    assert demo("import", "--attributes", "mine.csv").code == 0
    space, rich = ("--filter", "topic=space"), ("--filter", "budget>=1K")
    ends = ("instagram:nasa", "twitter:nasa")

    def names(*line: str) -> set[str]:
        rows = demo(*line, "--format", "json").rows()
        return {f"{row['network']}:{row['username']}" for row in rows}

    assert names("top", *space) == {"instagram:nasa", "youtube:nasa"}
    assert names("top", *space, *rich) == {"instagram:nasa"}
    assert names("top", "--filter", "topic!=space") == {"instagram:nasaartemis"}
    assert names("between", *ends, *space) == {"youtube:nasa"}
    over = names("path", *ends, "--all", "--undirected", "--filter", "topic=moon") - set(ends)
    assert over <= {"instagram:nasaartemis"}
    assert names("similar", "instagram:nasa", "--min-shared", "1", *space) <= {"youtube:nasa"}
    written = json.loads(demo("export", "json", "--output", "-", *space).out)
    assert {one["username"] for one in written["nodes"]} == {"nasa"}
    assert "topic=space" in json.dumps(written["graph"])
    assert demo("map", "--output", "m.html", *rich).code == 0
    page = BLOCK.search(Path("m.html").read_text())
    assert page
    assert len(json.loads(page[1])["nodes"]) == 1
    strange = ("--filter", "topc=space")
    for line in (
        *(("top",), ("between", *ends), ("path", *ends), ("similar", "instagram:nasa")),
        *(("export", "json", "--output", "-"), ("map", "--output", "n.html")),
    ):
        ended = demo(*line, *strange)
        assert (ended.code, ended.out) == (2, "")
        assert "no column topc: did you mean topic?" in ended.line
        assert ended.line.endswith("of your own: budget, topic")
    ended = demo("top", "--filter", "topic=mars")
    assert (ended.code, "has topic=mars" in ended.line) == (4, True)


def test_broken_rows_are_named_or_left_out(demo: Cli, folder: Path) -> None:
    (folder / "bad.csv").write_text(
        "network,username,id,rank\n"
        "instagram,nasa,,3\n"
        ",nasa,,4\n"
        "instagram,NASA,,5\n"
        "instagram,,,3\n"
        "instagram,,1.1E+9,3\n"
        "instagram,nasaartemis,3\n"
        "youtube,,UCLA_DiR1FfKNvjuUpBHmylQ,6\n"
    )
    refused = demo("import", "--attributes", "bad.csv")
    assert (refused.code, refused.out) == (2, "")
    for words in (
        "line 3: nasa may be one of several accounts: instagram:nasa, twitter:nasa",
        "line 4: instagram:nasa is in line 2 already",
        "line 5: it names no account",
        "line 6: '1.1E+9': a spreadsheet wrote this ID",
        "line 7: 3 fields, not 4",
        "--skip-broken",
    ):
        assert words in refused.line
    lines = re.findall(r"line (\d):", refused.line)
    assert lines == sorted(lines)
    assert demo("query", "SELECT * FROM own_columns", "-f", "json").rows() == []
    skipped = demo("import", "--attributes", "bad.csv", "--skip-broken")
    assert "5 broken rows left out" in skipped.out
    assert "rank: integer, 2 accounts" in skipped.out
    assert demo("import", "--attributes", "bad.csv", "--skip-broken", "--text", "rank").code == 0
    kinds = demo("query", "SELECT kind FROM own_columns", "-f", "json").rows()
    assert kinds == [{"kind": "text"}]


def test_an_export_that_was_added_to_comes_back(demo: Cli, folder: Path) -> None:
    assert demo("export", "csv", "--output", "out").code == 0
    path = folder / "out" / "nodes.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(), newline="")))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], "topic", "own_state"])
        writer.writeheader()
        writer.writerows({**row, "topic": "'=1", "own_state": "new"} for row in rows)
    said = demo("import", "--attributes", "out/nodes.csv")
    assert said.out.startswith(f"{len(rows)} of {len(rows)} rows joined to accounts\n")
    assert "passed over" not in said.out
    values = demo("query", "SELECT DISTINCT name, text FROM own_values", "-f", "json").rows()
    assert values == [{"name": "state", "text": "new"}, {"name": "topic", "text": "=1"}]


def test_no_text_of_a_file_acts(demo: Cli, folder: Path) -> None:
    text = Hostile.TEXT.replace("\r\n", "")
    with (folder / "bad.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [["account", text], ["instagram:nasa", text], [f"x{text}", "1"], ["a b", text]]
        )
    refused = demo("import", "--attributes", "bad.csv")
    assert (refused.code, refused.line.isprintable()) == (2, True)
    said = demo("import", "--attributes", "bad.csv", "--skip-broken")
    assert said.code == 0
    for form in Format:
        for line in (("tag",), ("note",), ("query", "SELECT * FROM own_values")):
            out = demo(*line, "--format", form).out
            assert "\x1b" not in out
            assert "\u202e" not in out
    assert all(line.isprintable() for line in said.out.splitlines())
    assert drawn(demo, "--color", text)["columns"]


@settings(max_examples=200)
@given(
    st.one_of(
        st.lists(st.integers(-(10**18) + 1, 10**18 - 1).map(str), min_size=1),
        st.lists(st.floats(allow_nan=False, allow_infinity=False).map(repr), min_size=1),
        st.lists(st.sampled_from([*SPOKEN, "Yes", "FALSE"]), min_size=1),
        st.lists(st.text(min_size=1)),
    )
)
def test_a_kind_holds_all_texts_of_a_column(texts: list[str]) -> None:
    kind = kind_of(texts)
    values = [value_of(kind, text) for text in texts]
    expected = {Kind.INTEGER: int, Kind.NUMBER: float, Kind.YES_NO: bool, Kind.TEXT: str}[kind]
    assert {type(value) for value in values} <= {expected}
    if kind is Kind.INTEGER:
        assert all(int(text) == value for text, value in zip(texts, values, strict=True))
    if kind is Kind.NUMBER:
        assert all(float(text) == value for text, value in zip(texts, values, strict=True))
    if kind is Kind.TEXT:
        assert values == texts


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        ([], Kind.TEXT),
        (["1", "-2", "0"], Kind.INTEGER),
        (["1", "2.50", "1e3"], Kind.NUMBER),
        (["1", "x"], Kind.TEXT),
        (["007"], Kind.TEXT),
        (["00.5"], Kind.TEXT),
        (["1234567890123456789"], Kind.TEXT),
        (["1,5"], Kind.TEXT),
        (["nan"], Kind.TEXT),
        (["1e999"], Kind.TEXT),
        (["no", "SE"], Kind.TEXT),
        (["１２"], Kind.TEXT),
    ],
)
def test_what_might_be_a_name_is_no_number(texts: list[str], kind: Kind) -> None:
    assert kind_of(texts) is kind
