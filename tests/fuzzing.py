"""Many cheap hostile cases: hypothesis draws seeds, and each of them gives a batch.

``GRAPHCRAWL_FUZZ=20 .venv/bin/pytest -k fuzzed`` runs twenty times as many.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from random import Random
from typing import Final, TypeVar

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from graphcrawl.wording import is_unseen

VARIABLE: Final = "GRAPHCRAWL_FUZZ"
# Read once, before the fixtures take every such variable away.
TIMES: Final = int(os.environ.get(VARIABLE, "1"))
BATCH: Final = 50

T = TypeVar("T")

NASTY: Final = (
    *("\0", "\x1b[2J", "\x9b", "\x7f", "\r\n", "\n", "\t", " ", "\u2028", "\u202e", "\ufeff"),
    *(
        "\u200d",
        "\u00a0",
        "\ud800",
        "\udfff",
        "🙂",
        "東京",
        "ß",
        "İ",
        "ﬀ",
        "é",
        "e\u0301",
        "\u0661",
    ),
    *("/", "//", "\\", "..", "../", ".", ":", "::", "@", "@@", "?", "#", "%", "%00", "%2e%2e%2f"),
    *(
        "%ff",
        "&",
        "=",
        "+",
        ",",
        ";",
        "'",
        '"',
        "'''",
        '"""',
        "`",
        "$(x)",
        "${HOME}",
        "|",
        "<",
        ">",
    ),
    *("[", "]", "{", "}", "(", ")", "-", "--", "_", "~", "*", "!", "id:", "http://", "https://"),
    *("www.", "://", "[::1]", ":99999", ".com", "0", "-1", "1e999", "9" * 5_000, "NaN", "Infinity"),
    *("null", "true", "x" * 600, "xn--", "\\u0000", "\\ud83d", "\\"),
)


def fuzzed(cases: int) -> Callable[[Callable[[Random], None]], Callable[[], None]]:
    """Run a test on so many chances; a failure names its own, and is made small."""

    def decorate(test: Callable[[Random], None]) -> Callable[[], None]:
        @settings(
            max_examples=max(1, cases * TIMES // BATCH),
            suppress_health_check=[HealthCheck.too_slow],
        )
        @given(st.integers(0, 2**64))
        def batch(seed: int) -> None:
            for at in range(BATCH):
                note(f"Random({f'{seed}/{at}'!r})")
                test(Random(f"{seed}/{at}"))

        batch.__name__ = test.__name__
        batch.__doc__ = test.__doc__
        batch.__module__ = test.__module__
        return batch

    return decorate


def mutated(chance: Random, text: str, tokens: Sequence[str] = NASTY) -> str:
    """Change a text in a few places; once in a while in none."""
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3, 8))):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice((0, 0, 1, 3, 20)))
        middle = chance.choice((chance.choice(tokens), "", text[start:end] * 2, text[:20]))
        text = text[:start] + middle + text[end:]
    return text


def mangled(chance: Random, data: bytes) -> bytes:
    """Change bytes that were a text before, so that they may be none after."""
    if chance.random() < 0.3 and data:
        at = chance.randrange(len(data))
        some = chance.randbytes(chance.randint(0, 4))
        data = data[:at] + some + data[at + chance.randint(0, 6) :]
    return data


def assert_one_line(error: Exception) -> None:
    """Assert that a message is safe to show, as it is, on one line of a terminal."""
    assert not any(map(is_unseen, str(error))), str(error)


def encoded(text: str) -> bytes:
    """Encode any text, lone surrogates too: as bytes that are no UTF-8."""
    return text.encode("utf-8", "surrogatepass")
