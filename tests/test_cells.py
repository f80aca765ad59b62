"""Cells: text comes back from behind its guard as it was."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.cells import escaped, guarded, unescaped, unguarded

texts = st.one_of(
    st.text(),
    st.text(alphabet="'=+-@\\x0u1b2e5c\r\n\t\x1b\u202e\ud800＝ "),
)


@given(texts)
def test_a_cell_gives_its_text_back(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(texts)
def test_through_a_file_too(text: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow(["x", guarded(text)])
    (row,) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert unguarded(row[1]) == text
    out.getvalue().encode("utf-8")


@given(texts)
def test_escapes_give_their_text_back(text: str) -> None:
    def unfit(character: str) -> bool:
        return not character.isprintable() and ord(character) < 0x10000

    assert unescaped(escaped(text, unfit)) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("'=1", "''=1"),
        ("''@nasa", "'''@nasa"),
        ("'tis", "'tis"),
        (r"C:\new\x", r"C:\new\x"),
        (r"\x1b", r"\x5cx1b"),
        ("\\\x1b", r"\\x1b"),
        (r"\x5c", r"\x5cx5c"),
    ],
)
def test_what_looks_guarded_already(text: str, cell: str) -> None:
    assert guarded(text) == cell
    assert unguarded(cell) == text
