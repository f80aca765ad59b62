from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from graphcrawl.cells import guarded, on_one_line
from graphcrawl.cli.listing import Format, render, unique_names
from graphcrawl.cli.table import PAGE_ROWS, grouped
from graphcrawl.model import Network
from graphcrawl.wording import is_unseen, printable

MACHINE = [Format.JSON, Format.JSONL, Format.CSV, Format.TSV]
SEPARATED = [(Format.CSV, ","), (Format.TSV, "\t")]


def written(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    format: Format,
    *,
    width: int = 80,
    color: bool = False,
    caption: str | None = None,
) -> str:
    out = io.StringIO()
    render(columns, rows, format=format, out=out, width=width, color=color, caption=caption)
    return out.getvalue()


def read_back(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
texts = st.one_of(
    st.text(),
    st.text(alphabet="=+-@\t\r\n\"',;\x1b\x9b\u202e\u2028\ufeff＝＋－＠ a1東🎉\u0301"),
    st.characters(categories=["Cs", "Cc", "Cf", "Zl", "Zp"]),
)
values = st.one_of(st.none(), st.booleans(), numbers, texts)
tables = st.integers(1, 5).flatmap(
    lambda n: st.tuples(
        st.lists(texts, min_size=n, max_size=n),
        st.lists(st.lists(values, min_size=n, max_size=n), max_size=6),
    )
)


class TestJson:
    @given(tables)
    def test_both_forms_give_back_exactly_what_was_written(
        self, table: tuple[list[str], list[list[object]]]
    ) -> None:
        columns, rows = table
        names = unique_names(columns)
        expected = [dict(zip(names, row, strict=True)) for row in rows]
        whole = written(columns, rows, Format.JSON)
        lines = written(columns, rows, Format.JSONL)
        assert json.loads(whole) == expected
        assert [json.loads(line) for line in lines.splitlines()] == expected
        for text in (whole, lines):
            assert not any(is_unseen(character) for character in text.replace("\n", ""))
            text.encode()

    @given(tables)
    def test_a_line_holds_a_row_and_says_the_same_as_the_array(
        self, table: tuple[list[str], list[list[object]]]
    ) -> None:
        columns, rows = table
        lines = written(columns, rows, Format.JSONL).splitlines()
        assert len(lines) == len(rows)
        array = written(columns, rows, Format.JSON).splitlines()
        assert [line.removesuffix(",") for line in array[1:-1]] == lines

    def test_an_empty_listing_is_an_empty_array(self) -> None:
        assert written(["a"], [], Format.JSON) == "[]\n"
        assert written(["a"], [], Format.JSONL) == ""

    @given(st.lists(st.sampled_from(["a", "a_2", "a_3", "b", ""]), max_size=8))
    def test_names_that_repeat_are_told_apart(self, columns: list[str]) -> None:
        names = unique_names(columns)
        assert len(set(names)) == len(columns)
        assert [name for name in names if name in columns][:1] == columns[:1]
        assert set(columns) <= set(names)

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), Decimal("NaN")])
    def test_what_json_has_no_number_for_is_null(self, value: object) -> None:
        assert json.loads(written(["a"], [[value]], Format.JSONL)) == {"a": None}
        assert json.loads(written(["a"], [[[value]]], Format.JSONL)) == {"a": [None]}


class TestCsvAndTsv:
    @pytest.mark.parametrize(("format", "delimiter"), SEPARATED)
    @given(table=tables)
    def test_cells_come_back_as_the_guard_left_them(
        self, format: Format, delimiter: str, table: tuple[list[str], list[list[object]]]
    ) -> None:
        columns, rows = table
        guard = guarded if format is Format.CSV else on_one_line

        def expected(value: object) -> str:
            if isinstance(value, bool):
                return "true" if value else "false"
            if value is None or isinstance(value, str):
                return guard(value or "")
            return repr(value)

        text = written(columns, rows, format)
        assert read_back(text, delimiter) == [
            [guard(column) for column in columns],
            *([expected(value) for value in row] for row in rows),
        ]
        text.encode()

    @given(st.lists(st.lists(texts, min_size=2, max_size=2)))
    def test_a_tsv_row_is_one_line(self, rows: list[list[str]]) -> None:
        lines = written(["a", "b"], rows, Format.TSV).split("\n")
        assert len(lines) == len(rows) + 2
        assert all(line.count("\t") == 1 for line in lines[:-1])

    @given(texts)
    def test_no_text_begins_like_a_formula(self, text: str) -> None:
        for cell in (guarded(text), on_one_line(text)):
            assert not cell.lstrip(" \t\n\u200b\ufeff").startswith(tuple("=+-@＝＋－＠"))
            assert not cell.startswith(("\t", "\r", "\n"))
            assert not any(is_unseen(c) for c in cell.replace("\n", "").replace("\t", ""))

    @given(st.text(alphabet=st.characters(categories=["L", "N", "So"])))
    def test_harmless_text_is_left_alone(self, text: str) -> None:
        assert guarded(text) == on_one_line(text) == text

    @pytest.mark.parametrize(
        ("text", "cell"),
        [
            ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
            ("-5", "'-5"),
            ("@nasa", "'@nasa"),
            ("  =1", "'  =1"),
            ("\ufeff=1", r"'\ufeff=1"),
            ("＝1", "'＝1"),
            ("\t=1", "'\t=1"),
            ("\r=1", r"'\x0d=1"),
            ("a=1", "a=1"),
            ("a\r\nb\rc", "a\\x0d\nb\\x0dc"),
            ("\x1b[31m\x00", r"\x1b[31m\x00"),
            ("‮evil", r"\u202eevil"),
            ('he said "no", then', 'he said "no", then'),
        ],
    )
    def test_the_guard(self, text: str, cell: str) -> None:
        assert guarded(text) == cell
        assert read_back(written(["x"], [[text]], Format.CSV)) == [["x"], [cell]]

    def test_numbers_are_untouched(self) -> None:
        row = [-5, 2**70, -0.1, 1e300, True]
        text = written("abcde", [row], Format.CSV)
        assert text == "a,b,c,d,e\n-5,1180591620717411303424,-0.1,1e+300,true\n"

    def test_a_hostile_column_name(self) -> None:
        assert written(["=1", "\x1b"], [], Format.CSV) == "'=1,\\x1b\n"


class TestValues:
    @pytest.mark.parametrize(
        ("value", "json_value", "cell", "shown"),
        [
            (None, None, "", "–"),
            (True, True, "true", "yes"),
            (1234567, 1234567, "1234567", "1,234,567"),
            (-1234.56789, -1234.56789, "-1234.56789", "-1,234.5679"),
            (float("inf"), None, "", "–"),
            (b"\x00\xff", "00ff", "00ff", "00ff"),
            (memoryview(b"\x01"), "01", "01", "01"),
            (Decimal("12345678901234567890"), 12345678901234567890, "12345678901234567890", None),
            (Decimal("0.5"), 0.5, "0.5", "0.5"),
            (np.int64(5000), 5000, "5000", "5,000"),
            (np.float64(0.25), 0.25, "0.25", "0.25"),
            (Network.TIKTOK, "tiktok", "tiktok", "tiktok"),
            (date(2026, 1, 2), "2026-01-02", "2026-01-02", "2026-01-02"),
            (
                datetime(2026, 1, 2, 3, 4, 5, 600, tzinfo=UTC),
                "2026-01-02T03:04:05.000600Z",
                "2026-01-02T03:04:05.000600Z",
                "2026-01-02T03:04:05Z",
            ),
            (
                datetime(2026, 1, 2, 1, tzinfo=timezone(timedelta(hours=2))),
                "2026-01-01T23:00:00Z",
                "2026-01-01T23:00:00Z",
                "2026-01-01T23:00:00Z",
            ),
            (
                datetime(2026, 1, 2),
                "2026-01-02T00:00:00Z",
                "2026-01-02T00:00:00Z",
                "2026-01-02T00:00:00Z",
            ),
            (["a", {"b": 1}], ["a", {"b": 1}], '["a", {"b": 1}]', '["a", {"b": 1}]'),
        ],
    )
    def test_each_kind_in_each_format(
        self, value: object, json_value: object, cell: str, shown: str | None
    ) -> None:
        assert json.loads(written(["v"], [[value]], Format.JSONL)) == {"v": json_value}
        assert read_back(written(["v", "w"], [[value, 0]], Format.CSV))[1] == [cell, "0"]
        if shown is not None:
            assert written(["v"], [[value]], Format.TABLE).splitlines()[2].strip() == shown

    @given(st.floats(-1e300, 1e300) | st.floats(-10, 10))
    @example(0.03125)
    def test_a_rounded_number_is_close_and_short(self, number: float) -> None:
        shown = float(grouped(number).replace(",", ""))
        # Four decimals, or four digits of numbers that would lose theirs.
        decimals = 5.001e-5 if abs(number) >= 1e-3 else 0
        assert shown == pytest.approx(number, rel=1e-3, abs=decimals)
        assert len(grouped(number)) <= 26

    @pytest.mark.parametrize("format", MACHINE)
    def test_the_caption_is_for_people(self, format: Format) -> None:
        assert "simulated" not in written(["a"], [[1]], format, caption="simulated data")


HOSTILE = "\x1b]0;owned\x07\x9b2J[red]b[/red]:smile:‮\u2028東京 \ud800\0"


class TestTable:
    @pytest.mark.parametrize("width", [40, 80, 200])
    @settings(deadline=None, max_examples=60)
    @given(table=tables, caption=st.one_of(st.none(), texts))
    def test_no_line_is_wider_than_asked(
        self, width: int, table: tuple[list[str], list[list[object]]], caption: str | None
    ) -> None:
        columns, rows = table
        text = written(columns, rows, Format.TABLE, width=width, caption=caption)
        assert all(cell_len(line) <= width for line in text.split("\n"))
        assert not any(is_unseen(character) for character in text.replace("\n", ""))
        text.encode()

    @pytest.mark.parametrize("width", [40, 80, 200])
    @pytest.mark.parametrize("n", [1, 3, 12])
    def test_wide_characters(self, width: int, n: int) -> None:
        row = ["東京タワー" * 5, "👩‍👩‍👧‍👦🎉" * 6, "नमस्ते " * 9, 10**15] * 3
        text = written([f"列{i}" for i in range(n)], [row[:n]] * 3, Format.TABLE, width=width)
        assert max(cell_len(line) for line in text.split("\n")) <= width
        shown = "".join(text.split())
        assert shown.count("東") == 5 * 3 * len(range(0, n, 4))

    @pytest.mark.parametrize("width", [40, 120])
    def test_a_dumb_terminal_has_the_width_that_was_given(
        self, monkeypatch: pytest.MonkeyPatch, width: int
    ) -> None:
        monkeypatch.setenv("TERM", "dumb")
        monkeypatch.setenv("COLUMNS", "30")
        text = written(["a"], [["x" * 300]], Format.TABLE, width=width, color=True)
        assert max(line.count("x") for line in text.splitlines()) == width - 1

    def test_without_a_width_the_terminals_is_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "50")
        out = io.StringIO()
        render(["a"], [["x" * 300]], format=Format.TABLE, out=out, width=None, color=False)
        assert max(map(len, out.getvalue().splitlines())) in {49, 50}

    @pytest.mark.parametrize("width", [40, 200])
    def test_hostile_text_is_shown_and_not_obeyed(self, width: int) -> None:
        row = [HOSTILE, 1, "x" * 20]
        text = written([HOSTILE, "b", "c"], [row], Format.TABLE, width=width, caption=HOSTILE)
        shown = "".join(text.split())
        for part in (
            r"\x1b]0;owned\x07\x9b2J",
            "[red]b[/red]:smile:",
            r"\u202e\u2028東京",
            r"\x00",
        ):
            assert shown.count(part) == 3 or width == 40
        assert shown.count("".join(printable(HOSTILE).split())) >= 1
        assert text.isascii() or not any(is_unseen(c) for c in text.replace("\n", ""))

    def test_a_heading_is_broken_only_where_a_word_in_the_rows_would_be(self) -> None:
        columns, row = ["confidence", "a", "b", "c"], ["low", *["word " * 12] * 3]
        assert "confidence" in written(columns, [row], Format.TABLE, width=40)
        columns, row = ["confidence", "a"], ["low", "a_name_of_twenty_five_let"]
        text = written(columns, [row], Format.TABLE, width=36)
        assert "confidence" not in text
        assert row[1] in text

    def test_numbers_stand_right_and_names_left(self) -> None:
        rows = [[1, "a", 1234], [20, "bb", None]]
        lines = written(["crawl_id", "name", "n"], rows, Format.TABLE).splitlines()
        assert lines[0] == "crawl_id  name      n"
        assert lines[2:] == ["       1  a     1,234", "      20  bb        –"]

    def test_ids_are_not_grouped(self) -> None:
        text = written(["id", "node_id", "n"], [[1234, 5678, 9012]], Format.TABLE)
        assert text.splitlines()[2].split() == ["1234", "5678", "9,012"]

    def test_text_of_digits_stays_text(self) -> None:
        assert "528817151" in written(["social_id"], [["528817151"]], Format.TABLE)

    def test_a_number_is_never_cut(self) -> None:
        row = [123456789, "word " * 30, 987654321.5, 10**12, "x" * 99]
        for width in range(27, 100, 7):
            text = written("abcde", [row], Format.TABLE, width=width)
            for number in ("123,456,789", "987,654,321.5", "1,000,000,000,000"):
                assert number in text

    def test_many_columns_become_blocks(self) -> None:
        columns = [f"column_{n}" for n in range(12)]
        text = written(columns, [[f"value {n}" for n in range(12)]] * 2, Format.TABLE, width=60)
        lines = text.splitlines()
        assert lines[:2] == ["column_0   value 0", "column_1   value 1"]
        assert lines.index("") == 12
        assert lines[13] == "column_0   value 0"

    def test_nothing_found_is_said(self) -> None:
        assert written(["a"], [], Format.TABLE).splitlines() == ["a", "───", "no rows"]

    @pytest.mark.parametrize("n", [PAGE_ROWS - 1, PAGE_ROWS, PAGE_ROWS + 1])
    def test_pages_join_without_a_seam(self, n: int) -> None:
        out = io.StringIO()
        rows = ([i, f"name {i % 10}"] for i in range(n))
        count = render(["n", "name"], rows, format=Format.TABLE, out=out, width=80, color=False)
        lines = out.getvalue().splitlines()
        assert count == n
        assert len(lines) == n + 2
        assert [line.split()[0] for line in lines[2:]] == [f"{i:,}" for i in range(n)]
        assert lines[-1].endswith(f"  name {(n - 1) % 10}")

    def test_a_later_page_with_narrower_values_keeps_the_columns(self) -> None:
        rows = [["long name", 1]] * PAGE_ROWS + [["short", 2]]
        lines = written(["t", "n"], rows, Format.TABLE).splitlines()
        assert lines[-2].index("1") == lines[-1].index("2")

    def test_a_later_page_with_wider_values_keeps_the_width(self) -> None:
        rows = [["a", 1]] * PAGE_ROWS + [["東" * 30, 10**12]]
        text = written(["t", "n"], rows, Format.TABLE, width=40)
        assert max(cell_len(line) for line in text.split("\n")) <= 40
        assert text.count("東") == 30

    @pytest.mark.parametrize("color", [True, False])
    def test_colour_only_where_it_is_wanted(
        self, monkeypatch: pytest.MonkeyPatch, color: bool
    ) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        text = written(["a"], [["b"]], Format.TABLE, color=color, caption="c")
        assert ("\x1b[" in text) is color


def rows_then_failure() -> Iterator[list[int]]:
    yield [1]
    raise RuntimeError("the source broke")


class TestStreaming:
    @pytest.mark.parametrize("format", MACHINE)
    def test_a_row_is_written_before_the_next_is_asked_for(self, format: Format) -> None:
        out = io.StringIO()
        with pytest.raises(RuntimeError, match="the source broke"):
            render(["a"], rows_then_failure(), format=format, out=out, width=None, color=False)
        assert "1" in out.getvalue()

    def test_a_broken_array_is_no_json(self) -> None:
        out = io.StringIO()
        with pytest.raises(RuntimeError):
            render(["a"], rows_then_failure(), format=Format.JSON, out=out, width=80, color=False)
        with pytest.raises(json.JSONDecodeError):
            json.loads(out.getvalue())

    @pytest.mark.parametrize("format", MACHINE)
    def test_memory_does_not_grow_with_the_rows(self, format: Format) -> None:
        class Sink(io.StringIO):
            def write(self, text: str) -> int:
                return len(text)

        tracemalloc.start()
        try:
            rows = ([i, f"name {i}"] for i in range(20_000))
            sink = Sink()
            count = render(["i", "n"], rows, format=format, out=sink, width=80, color=False)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert count == 20_000
        assert peak < 1_000_000

    @pytest.mark.parametrize("format", list(Format))
    def test_a_row_of_the_wrong_length_is_a_fault(self, format: Format) -> None:
        with pytest.raises(ValueError, match="zip"):
            written(["a"], [[1, 2]], format)

    @pytest.mark.parametrize("format", list(Format))
    def test_a_closed_pipe_is_the_callers_to_hear_of(self, format: Format) -> None:
        code = (
            "import itertools, os, sys\n"
            "from graphcrawl.cli.listing import Format, render\n"
            "rows = ([n, 'x' * 50] for n in itertools.count())\n"
            "try:\n"
            f"    render(['a', 'b'], rows, format=Format({format.value!r}), out=sys.stdout,\n"
            "           width=80, color=False)\n"
            "except BrokenPipeError:\n"
            "    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())\n"
            "    sys.exit(7)\n"
        )
        with subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == 7
