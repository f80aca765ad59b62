from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from graphcrawl.addresses import read_seed_file, read_seed_lines
from graphcrawl.errors import AccountTextError, InputError
from graphcrawl.model import AccountRef
from graphcrawl.wording import printable

CHANNEL = "UCLA_DiR1FfKNvjuUpBHmylQ"


def names(text: str, *, network: str | None = None, by_id: bool = False) -> list[str]:
    lines = io.StringIO(text, newline=None)
    return [str(r) for r in read_seed_lines(lines, source="list", network=network, by_id=by_id)]


def refusal(text: str, *, network: str | None = None) -> str:
    with pytest.raises(AccountTextError) as refused:
        names(text, network=network)
    return str(refused.value)


def test_one_account_a_line() -> None:
    text = (
        "\ufeff# who to start from\r\nnasa\r\n\r\n  @esa  \nyoutube:id:UC1\n"
        "  # later\nhttps://x.com/NASA"
    )
    assert names(text, network="instagram") == [
        "instagram:nasa",
        "instagram:esa",
        "youtube:id:UC1",
        "twitter:NASA",
    ]


def test_lines_are_ids_where_they_are_asked_for_so() -> None:
    assert names("1\n2\n", network="twitch", by_id=True) == ["twitch:id:1", "twitch:id:2"]


def test_an_account_is_kept_once_where_it_stood_first() -> None:
    text = "b\na\n@B\ninstagram:a\nx:a\nid:1\nid:1"
    assert names(text, network="instagram") == [
        "instagram:b",
        "instagram:a",
        "twitter:a",
        "instagram:id:1",
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_names_its_columns_in_any_order_and_case(delimiter: str) -> None:
    rows = [
        [" ID ", "Title", "USERNAME", '"Network"'],
        [CHANNEL, "NASA", "", "youtube"],
        ["", '"a ""quoted"" title"', "@nasa", "Instagram"],
        ["528817151", "", "nasaartemis", ""],
        ["", "", "", ""],
    ]
    text = "\n".join(delimiter.join(row) for row in rows)
    refs = read_seed_lines(text.split("\n"), source="list", network="ig")
    assert refs == [
        AccountRef("youtube", social_id=CHANNEL),
        AccountRef("instagram", username="nasa"),
        AccountRef("instagram", username="nasaartemis", social_id="528817151"),
    ]


def test_a_csv_may_have_one_column() -> None:
    assert names("username\nnasa\nesa\n", network="twitch") == ["twitch:nasa", "twitch:esa"]
    assert names("id\n1\n", network="twitch") == ["twitch:id:1"]


def test_a_tables_own_key_is_not_taken_for_a_report_id() -> None:
    assert names("id,network,social_id\n7,twitter,11348282\n") == ["twitter:id:11348282"]


def test_a_short_row_lacks_its_last_cells() -> None:
    assert names("username,network,title\nnasa,twitter\n") == ["twitter:nasa"]


def test_a_title_may_go_over_several_lines_and_hold_a_comment_sign() -> None:
    text = 'title,network,username\n# no account\n"a\n#b\n\n",twitter,nasa\nc,twitter,@esa\n'
    assert names(text) == ["twitter:nasa", "twitter:esa"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nasa\n\n# x\nna sa\n", "list, line 4: 'na sa' names no account: there is space in it"),
        ("nasa,twitter\n", "list, line 1: 'nasa,twitter' names no account"),
        ("network,username\nfacebook,nasa\n", "list, line 2: 'facebook' is no network"),
        ("network,username\n\n,\nx,\n", "list, line 4: the row has neither"),
        ("network,username\nx,a,b\n", "list, line 2: the row has more cells"),
        ('network,username,title\nx,nasa,"a\nb"\nx,esa,"open\nend\n', "list, line 4: this is no"),
        ("network,username\nx,a/b\n", "list, line 2: 'a/b' names no account"),
        ("network,id\nx,5.28817E+08\n", "list, line 2: '5.28817E+08' names no account: a spread"),
    ],
)
def test_a_broken_line_is_named(text: str, message: str) -> None:
    assert refusal(text, network="instagram").startswith(message)


def test_a_row_without_a_network_is_told_of_the_flag() -> None:
    assert "pass --network" in refusal("username\nnasa\n")
    assert refusal("nasa\n").startswith("list, line 1: 'nasa' names no network: pass --network")


def test_nothing_is_in_an_empty_list() -> None:
    assert names("") == []
    assert names("\n# only this\n") == []
    assert names("network,username\n") == []


def test_a_file_and_standard_input_read_the_same(tmp_path: Path) -> None:
    content = "\ufeffnetwork,username,title\nyoutube,東京,a\u2028b\x0c\n".encode()
    path = tmp_path / "seeds.csv"
    path.write_bytes(content)
    expected = [AccountRef("youtube", username="東京")]
    assert read_seed_file(path) == expected
    assert read_seed_file(str(path)) == expected
    assert read_seed_file("-", stdin=io.BytesIO(content)) == expected


def test_every_systems_line_ends_are_read() -> None:
    content = io.BytesIO(b"a\rb\r\nc\n")
    refs = read_seed_file("-", network="twitch", stdin=content)
    assert [ref.username for ref in refs] == ["a", "b", "c"]


def test_dash_reads_the_processs_own_input(monkeypatch: pytest.MonkeyPatch) -> None:
    with io.TextIOWrapper(io.BytesIO("é\n".encode()), encoding="ascii") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert read_seed_file("-", network="tiktok") == [AccountRef("tiktok", username="é")]


def test_a_broken_line_of_the_input_names_it() -> None:
    with pytest.raises(AccountTextError, match="standard input, line 2: "):
        read_seed_file("-", network="tiktok", stdin=io.BytesIO(b"a\nb c\n"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"nasa\n"), "compressed"),
        (b"nasa\nes\xe9\n", "line 2 is not UTF-8"),
        ("nasa\n".encode("utf-16"), "line 1 is not UTF-8"),
    ],
)
def test_a_file_that_is_no_text_is_one_clear_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "seeds.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as refused:
        read_seed_file(path, network="tiktok")
    assert str(refused.value).startswith(f"Cannot read {path}: ")


def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.txt", tmp_path, Path("a\x00b"), Path("x" * 5000)):
        with pytest.raises(InputError, match="Cannot read ") as refused:
            read_seed_file(path, network="tiktok")
        assert str(refused.value).isprintable()
        assert len(str(refused.value)) < 300


CELLS = st.sampled_from(
    ["network", "username", "id", ",", ";", "\t", "\n", "\r", '"', "#", "x", "nasa", "\ufeff"]
    + ["\x00", "youtube", " ", "@", "id:", "\x85", "é"]
)
FILES = st.one_of(
    st.binary(max_size=200),
    st.lists(CELLS, max_size=25).map(lambda cells: "".join(cells).encode()),
    st.lists(CELLS, max_size=25).map(lambda cells: ("network,id\n" + "".join(cells)).encode()),
)


def outcome_of(read: Callable[[], list[AccountRef]]) -> list[AccountRef] | str:
    try:
        return read()
    except InputError as error:
        return str(error)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES)
@example(b'username\n"' + b"a" * 200_000 + b'"\n')
def test_any_file_is_a_list_or_a_clear_refusal(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "seeds"
    path.write_bytes(content)
    outcome = outcome_of(lambda: read_seed_file(path, network="twitch"))
    if isinstance(outcome, str):
        assert str(path) in outcome
        assert outcome == printable(outcome)
    else:
        assert len(set(outcome)) == len(outcome)


@given(st.lists(st.text(st.characters(), max_size=12), max_size=6))
def test_any_lines_are_a_list_or_a_clear_refusal(lines: list[str]) -> None:
    for given_lines in (lines, ["username;id", *lines]):
        outcome = outcome_of(partial(read_seed_lines, given_lines, source="list", network="x"))
        if isinstance(outcome, str):
            assert outcome.startswith("list, line ")
        else:
            assert len(outcome) <= len(lines)
