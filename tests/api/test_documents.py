from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.api.documents import MAX_DEPTH, TooDeep, decoded

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))
)


def depth(document: object) -> int:
    if isinstance(document, dict):
        return 1 + max(map(depth, document.values()), default=0)
    if isinstance(document, list):
        return 1 + max(map(depth, document), default=0)
    return 0


@given(
    st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    st.lists(st.sampled_from(["list", "object"]), max_size=MAX_DEPTH + 4),
)
def test_what_is_deeper_than_allowed_is_refused_and_all_else_read(
    document: object, around: list[str]
) -> None:
    for kind in around:
        document = [1, document] if kind == "list" else {"a": document, "b": 2}
    body = json.dumps(document).encode()
    if depth(document) > MAX_DEPTH:
        with pytest.raises(TooDeep):
            decoded(body)
    else:
        assert decoded(body) == document


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 500, 990, 5_000, 1_000_000])
@pytest.mark.parametrize("kind", [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]")])
def test_too_deep(levels: int, kind: tuple[bytes, bytes]) -> None:
    body = kind[0] * levels + b"1" + kind[1] * levels
    with pytest.raises(TooDeep):
        decoded(body)


def test_brackets_within_texts_are_no_nesting() -> None:
    assert decoded(json.dumps({"title": "[{" * 500}).encode()) == {"title": "[{" * 500}


def test_what_json_does_not_promise() -> None:
    assert decoded(b'{"a": 1, "a": 2}') == {"a": 2}
    assert decoded(b'"\\ud83d"') == "\ud83d"
    assert decoded(b"[Infinity, -Infinity]") == [math.inf, -math.inf]
    huge = decoded(b"[" + b"9" * 5_000 + b", 12]")
    assert huge == [math.inf, 12]
    assert decoded(b"9" * 4_000) == int("9" * 4_000)


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"[1", b"nul", b"[1] 2", b"\xef\xbb\xbf[", b"0x1"]
)
def test_what_is_no_json(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        decoded(body)
