"""The parser on hostile answers: from bytes to accounts, or one of our own errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Final

from graphcrawl.api.documents import TooDeep, decoded
from graphcrawl.api.exchange import Reply
from graphcrawl.api.payload import parse_answer, parse_plan
from graphcrawl.api.refusals import refusal
from graphcrawl.errors import ApiError, TransientError, UnusableAnswer
from graphcrawl.model import AccountRef
from tests.api.test_payload import check
from tests.fuzzing import NASTY, assert_one_line, encoded, fuzzed, mangled, mutated

ASKED: Final = (AccountRef("instagram", "nasa"), AccountRef("youtube", social_id="7"))
ROW: Final = {
    "social_id": "528817151",
    "username": "nasa",
    "type": "instagram",
    "title": "NASA",
    "avatar_url": "https://cdn.hypeauditor.com/img/528817151.jpg?w=150",
    "subscribers_count": 96809672,
    "er": 0.734377,
    "state": "READY",
}
PLAN: Final = {"result": {"reports": {"plan": "basic", "credits": 10123}, "discovery": {}}}
ERROR: Final = {"error": {"code": 8, "description": "Invalid request"}, "retry": "3"}

Make = Callable[[Random], object]


def value(chance: Random, depth: int = 0) -> object:
    """Any JSON value; where it matters those that nearly fit."""
    makers: tuple[Make, ...] = (
        lambda chance: chance.choice(NASTY),
        lambda chance: mutated(chance, chance.choice(("nasa", "96,809,672", "READY", "instagram"))),
        lambda chance: chance.choice((None, True, False, 0, -1, 0.0, 1e308, 2**63, 10**400, -0.5)),
        lambda chance: chance.choice((float("nan"), float("inf"), -float("inf"))),
        lambda chance: [value(chance, depth + 1) for _ in range(chance.randint(0, 3))],
        lambda chance: {chance.choice(list(ROW)): value(chance, depth + 1)},
    )
    return chance.choice(makers[: 4 if depth > 2 else None])(chance)


def row(chance: Random) -> object:
    if chance.random() < 0.05:
        return value(chance)
    changed = {key: held for key, held in ROW.items() if chance.random() < 0.95}
    for key in chance.sample(list(ROW), chance.randint(0, 3)):
        changed[key] = value(chance)
    return changed


def body(chance: Random, document: object) -> bytes:
    """Write a document, and maybe spoil it."""
    text = json.dumps(document, ensure_ascii=chance.random() < 0.5)
    return mangled(chance, encoded(mutated(chance, text) if chance.random() < 0.4 else text))


def read(raw: bytes) -> object:
    """Decode as the client does; None where it would say that it cannot."""
    try:
        return decoded(raw)
    except (ValueError, TooDeep):
        return None


@fuzzed(30_000)
def test_fuzzed_answers(chance: Random) -> None:
    document = read(body(chance, {"result": [row(chance) for _ in range(chance.randint(0, 5))]}))
    asked = chance.choice(ASKED)
    try:
        answer = parse_answer(document, asked)
    except UnusableAnswer as error:
        assert_one_line(error)
    else:
        check(answer, asked)


@fuzzed(5_000)
def test_fuzzed_plans(chance: Random) -> None:
    document = value(chance) if chance.random() < 0.3 else read(body(chance, PLAN))
    try:
        plan = parse_plan(document)
    except UnusableAnswer as error:
        assert_one_line(error)
    else:
        assert plan.credits is None or plan.credits >= 0


@fuzzed(10_000)
def test_fuzzed_refusals(chance: Random) -> None:
    secret = "tok-MARKER"
    text = json.dumps(ERROR if chance.random() < 0.7 else value(chance))
    raw = mangled(chance, encoded(mutated(chance, text, (*NASTY, secret))))
    headers = {
        "Retry-After": mutated(chance, chance.choice(("7", "Fri, 31 Dec 1999 23:59:59 GMT"))),
        "Date": mutated(chance, "Fri, 31 Dec 1999 23:59:00 GMT"),
    }
    status = chance.choice((200, 202, 204, 400, 402, 403, 404, 418, 429, 500, 503, 599))
    error = refusal(Reply(status, headers, raw), read(raw), secret=secret, now=0.0)
    assert isinstance(error, ApiError)
    assert_one_line(error)
    assert secret not in str(error)
    if isinstance(error, TransientError) and error.retry_after is not None:
        assert error.retry_after >= 0
