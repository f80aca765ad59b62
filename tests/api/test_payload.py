"""The parser: what it reads, what it forgives, and where it says no."""

from __future__ import annotations

import gc
import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphcrawl.api.payload import (
    MAX_AVATAR_URL,
    MAX_NAME,
    MAX_SKIPPED,
    MAX_TITLE,
    MOST_KNOWN_ROWS,
    KnownRows,
    PlanInfo,
    parse_answer,
    parse_plan,
)
from graphcrawl.errors import UnusableAnswer
from graphcrawl.model import Account, AccountRef, Answer
from tests.sample import SAMPLE, as_answered, avatar_of

NASA = AccountRef("instagram", username="nasa")
ANSWERED = json.dumps({"result": [as_answered(one) for one in SAMPLE]})


def row(**fields: object) -> dict[str, object]:
    return {"type": "instagram", "social_id": "1", **fields}


def only(*rows: object) -> Account:
    """The one connection of an answer with these rows."""
    asked = AccountRef("instagram", social_id="somebody else")
    (account,) = parse_answer({"result": list(rows)}, asked).connections
    return account


def ids(answer: Answer) -> list[str]:
    return [account.social_id for account in answer.connections]


def test_the_documented_sample() -> None:
    answer = parse_answer(json.loads(ANSWERED), NASA)
    assert answer.own == Account(
        network="instagram",
        social_id="528817151",
        username="nasa",
        title="NASA",
        avatar_url=avatar_of(SAMPLE[0]),
        subscribers_count=96_809_672,
        er=0.734377,
        state="READY",
    )
    assert [(a.network, a.username, a.subscribers_count, a.er) for a in answer.connections] == [
        ("twitter", "nasa", 84_756_058, 0.0),
        ("youtube", "nasa", 12_244_637, 2.72),
        ("instagram", "nasaartemis", 2_837_372, 0.440513),
        ("youtube", "nasagovvideo", 995_500, 5.17),
    ]
    assert answer.connections[-1].state == "READY_LOW_CONFIDENCE"
    assert answer.skipped == ()


@pytest.mark.parametrize(
    ("document", "where"),
    [
        (None, "it is null"),
        ([], "it is a list"),
        ("x", "it is a string"),
        (True, "it is a boolean"),
        (1.5, "it is a number"),
        ({}, "no result"),
        ({"result": None}, "result is null"),
        ({"result": {"retry": 3}}, "result is an object"),
        ({"result": "x"}, "result is a string"),
        ({"result": False}, "result is a boolean"),
        ({"result": 7}, "result is a number"),
    ],
)
def test_refuses_what_holds_no_rows_and_says_where(document: object, where: str) -> None:
    with pytest.raises(UnusableAnswer, match=where) as caught:
        parse_answer(document, NASA)
    assert caught.value.account == "instagram:nasa"
    assert str(caught.value).startswith("instagram:nasa: ")


class TestTheOwnRow:
    def test_is_found_wherever_it_stands(self) -> None:
        rows = [row(social_id="2"), row(social_id="9", username="NASA"), row(social_id="3")]
        answer = parse_answer({"result": rows}, NASA)
        assert answer.own is not None
        assert answer.own.social_id == "9"
        assert ids(answer) == ["2", "3"]

    def test_may_be_absent(self) -> None:
        answer = parse_answer({"result": [row(username="nasa", type="twitter")]}, NASA)
        assert answer.own is None
        assert ids(answer) == ["1"]

    def test_by_name_is_case_folded(self) -> None:
        asked = AccountRef("instagram", username="STRASSE")
        answer = parse_answer({"result": [row(username="@straße")]}, asked)
        assert answer.own is not None

    def test_by_id_only_the_id_decides(self) -> None:
        asked = AccountRef("instagram", username="nasa", social_id="7")
        rows = [row(social_id="6", username="nasa"), row(social_id="7", username="renamed")]
        answer = parse_answer({"result": rows}, asked)
        assert answer.own is not None
        assert answer.own.username == "renamed"
        assert ids(answer) == ["6"]

    def test_by_id_on_another_network_is_a_connection(self) -> None:
        asked = AccountRef("instagram", social_id="7")
        answer = parse_answer({"result": [row(social_id="7", type="twitter")]}, asked)
        assert (answer.own, ids(answer)) == (None, ["7"])

    def test_the_first_of_two_is_taken(self) -> None:
        rows = [row(social_id="5", username="nasa"), row(social_id="6", username="nasa")]
        answer = parse_answer({"result": rows}, NASA)
        assert answer.own is not None
        assert answer.own.social_id == "5"
        assert ids(answer) == ["6"]

    def test_its_repetitions_are_no_connections(self) -> None:
        rows = [
            row(social_id="5", username="old"),
            row(social_id="5", username="nasa"),
            row(social_id="5"),
        ]
        answer = parse_answer({"result": rows}, NASA)
        assert answer.own is not None
        assert ids(answer) == []


def test_repetitions_are_dropped_and_the_first_one_stays() -> None:
    rows = [row(title="first"), row(title="second"), row(type="twitter"), row(type=" Instagram ")]
    answer = parse_answer({"result": rows}, NASA)
    assert [(a.network, a.title) for a in answer.connections] == [
        ("instagram", "first"),
        ("twitter", None),
    ]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (None, "not an object"),
        ([1], "not an object"),
        ({"social_id": "1"}, "no type"),
        ({"social_id": "1", "type": None}, "no type"),
        ({"social_id": "1", "type": "  "}, "no type"),
        ({"social_id": "1", "type": ["x"]}, "unusable type"),
        ({"type": "instagram"}, "no social_id"),
        (row(social_id=None), "no social_id"),
        (row(social_id=" "), "no social_id"),
        (row(social_id=True), "unusable social_id"),
        (row(social_id=1.5), "unusable social_id"),
        (row(social_id=float("nan")), "unusable social_id"),
        (row(social_id=1e300), "unusable social_id"),
        (row(social_id=2.0**53 + 2), "unusable social_id"),
        (row(social_id={"x": 1}), "unusable social_id"),
        (row(social_id="x" * (MAX_NAME + 1)), "unusable social_id"),
        (row(social_id=10**600), "unusable social_id"),
        (row(social_id=10**6000), "unusable social_id"),
    ],
)
def test_a_row_without_identity_is_skipped_and_named(bad: object, why: str) -> None:
    answer = parse_answer({"result": [row(), bad, row(social_id="2")]}, NASA)
    assert answer.skipped == (f"result[1]: {why}",)
    assert ids(answer) == ["1", "2"]


def test_millions_of_unusable_rows_are_counted_not_listed() -> None:
    answer = parse_answer({"result": [None] * (MAX_SKIPPED + 5)}, NASA)
    assert len(answer.skipped) == MAX_SKIPPED + 1
    assert answer.skipped[-1] == "result: 5 more rows that cannot be used"


@pytest.mark.parametrize(
    ("given_id", "read"),
    [(528817151, "528817151"), (528817151.0, "528817151"), (" UC_x ", "UC_x"), (0, "0")],
)
def test_ids_become_strings(given_id: object, read: str) -> None:
    assert only(row(social_id=given_id)).social_id == read


def test_unknown_network_state_and_fields_are_kept_or_passed_over() -> None:
    account = only(row(type=" Threads", state="BRAND_NEW", more={"a": 1}))
    assert (account.network, account.state) == ("threads", "BRAND_NEW")


def test_only_the_identity_is_required() -> None:
    assert only(row()) == Account(network="instagram", social_id="1")
    nulls = dict.fromkeys(
        ("username", "title", "avatar_url", "subscribers_count", "er", "state"), None
    )
    assert only(row(**nulls)) == Account(network="instagram", social_id="1")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (0, 0),
        (96809672, 96809672),
        (12.0, 12),
        ("96809672", 96809672),
        (" 96,809,672 ", 96809672),
        ("96 809 672", 96809672),
        ("96\u202f809\u00a0672", 96809672),
        ("96_809_672", 96809672),
        ("12.0", 12),
        (2**63 - 1, 2**63 - 1),
        (str(2**63 - 1), 2**63 - 1),
        (2**63, None),
        (str(2**63), None),
        (-1, None),
        ("-1", None),
        (1.5, None),
        (float("nan"), None),
        (float("inf"), None),
        (1e300, None),
        ("1.234", None),
        ("12,34", None),
        ("12.5K", None),
        ("many", None),
        ("", None),
        ("9" * 5000, None),
        (True, None),
        ([1], None),
        (None, None),
    ],
)
def test_subscribers_count(value: object, read: int | None) -> None:
    assert only(row(subscribers_count=value)).subscribers_count == read


@pytest.mark.parametrize(
    ("network", "value", "read"),
    [
        ("instagram", 0.734377, 0.734377),
        ("instagram", 0, 0.0),
        ("instagram", "2.72", 2.72),
        ("instagram", 3, 3.0),
        ("twitch", 0, None),
        ("snapchat", "0", None),
        ("snapchat", 0.0, None),
        ("twitch", 1.5, 1.5),
        ("instagram", True, None),
        ("instagram", False, None),
        ("instagram", float("nan"), None),
        ("instagram", "inf", None),
        ("instagram", "n/a", None),
        ("instagram", 10**400, None),
        ("instagram", {}, None),
    ],
)
def test_engagement(network: str, value: object, read: float | None) -> None:
    er = only(row(type=network, er=value)).er
    assert er == read
    assert er is None or type(er) is float


@pytest.mark.parametrize(
    ("value", "read"),
    [("@nasa", "nasa"), (" nasa ", "nasa"), (12345, "12345"), ("@", None), ("", None)]
    + [(True, None), ("x" * (MAX_NAME + 1), None), ([], None)],
)
def test_usernames(value: object, read: str | None) -> None:
    assert only(row(username=value)).username == read


def test_what_databases_refuse_is_replaced_in_every_text() -> None:
    nasty = "a\0b\ud83dc"
    account = only(
        row(
            social_id=nasty,
            username=nasty,
            title=nasty,
            avatar_url=nasty,
            state=nasty,
            type="x\0\ud800",
        )
    )
    fit = "a\ufffdb\ufffdc"
    assert (account.social_id, account.username, account.title) == (fit, fit, fit)
    assert (account.avatar_url, account.state, account.network) == (fit, fit, "x\ufffd\ufffd")


def test_other_scripts_and_emoji_stay_as_they_are() -> None:
    title = "東京 👩‍🚀 مرحبا \u202e<script>\n"
    assert only(row(title=title)).title == title


def test_long_texts_are_bounded() -> None:
    account = only(row(title="é" * (MAX_TITLE + 1), avatar_url="h" * (MAX_AVATAR_URL + 1)))
    assert account.title == "é" * MAX_TITLE
    assert account.avatar_url is None
    assert only(row(title="t" * MAX_TITLE)).title == "t" * MAX_TITLE


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
VALUE = JSON | st.sampled_from(["instagram", " TWITCH", "nasa", "@Nasa", "7", 7, 7.0, 0, "0"])
KEYS = ["type", "social_id", "username", "title", "avatar_url", "subscribers_count", "er", "state"]
ROWS = st.lists(st.dictionaries(st.sampled_from(KEYS), VALUE) | JSON, max_size=8)
REFS = st.sampled_from([NASA, AccountRef("instagram", social_id="7")])


@given(document=JSON | st.builds(lambda rows: {"result": rows}, ROWS), asked=REFS)
@example(document={"result": [{"type": "x", "social_id": "\0"}]}, asked=NASA)
def test_nothing_but_unusable_answer_is_raised(document: object, asked: AccountRef) -> None:
    try:
        answer = parse_answer(document, asked)
    except UnusableAnswer:
        assert not (isinstance(document, dict) and isinstance(document.get("result"), list))
    else:
        check(answer, asked)


def check(answer: Answer, asked: AccountRef) -> None:
    """What holds for every answer, whatever it was made from."""
    keys = [(a.network, a.social_id) for a in answer.connections]
    accounts = [*answer.connections, *([answer.own] if answer.own else [])]
    assert len({(a.network, a.social_id) for a in accounts}) == len(keys) + bool(answer.own)
    for account in accounts:
        assert account.network == account.network.lower().strip() != ""
        assert 0 < len(account.social_id) <= MAX_NAME
        assert account.subscribers_count is None or 0 <= account.subscribers_count < 2**63
        for text in (account.network, account.social_id, account.username, account.title):
            assert text is None or not re.search("[\0\ud800-\udfff]", text)
    if answer.own:
        assert answer.own.network == asked.network
        assert not asked.social_id or answer.own.social_id == asked.social_id
    assert all(re.fullmatch(r"result\[\d+\]: [a-z_ ]+", line) for line in answer.skipped)


ALIKE: tuple[object, ...] = (1, True, 1.0, "1", 0, False, 0.0, None, [], {})
LOOKALIKES = [
    {"type": "instagram", "social_id": "a", name: value}
    for name in ("subscribers_count", "er", "username", "title", "avatar_url", "state")
    for value in ALIKE
]
"""Values of which some are equal, and are read differently."""


SWAPPED = [
    {"type": "instagram", "social_id": "a", "subscribers_count": 1, "er": True},
    {"type": "instagram", "social_id": "a", "er": 1, "subscribers_count": True},
]
"""Equal rows, whose values are of the same types in their order, and are read differently."""


@given(answers=st.lists(ROWS, max_size=4), asked=REFS)
@example(answers=[[one] for one in SWAPPED], asked=NASA)
@example(answers=[[one] for one in LOOKALIKES], asked=NASA)
@example(answers=[[one] for one in reversed(LOOKALIKES)], asked=NASA)
def test_rows_of_earlier_answers_change_nothing(
    answers: list[list[object]], asked: AccountRef
) -> None:
    known = KnownRows()
    for rows in [*answers, *answers]:
        document = {"result": rows}
        read = parse_answer(document, asked, known)
        assert read == parse_answer(document, asked)


def test_rows_that_are_remembered_are_bounded() -> None:
    def remembered(rows: int, **more: object) -> int:
        known, held = KnownRows(), gc_held()
        for number in range(rows):
            told = {"type": "instagram", "social_id": f"id{number}", **more}
            parse_answer({"result": [told]}, NASA, known)
        return gc_held() - held

    def gc_held() -> int:
        gc.collect()
        return sum(isinstance(one, Account) for one in gc.get_objects())

    assert remembered(100) == 100
    assert 0 < remembered(MOST_KNOWN_ROWS + 10) <= 10
    assert remembered(100, title="x" * 4_000) == 0
    assert remembered(100, **{str(number): 10**600 for number in range(20)}) == 0
    assert remembered(100, unknown=["x" * 2_000]) == 0


@given(rows=ROWS, asked=REFS)
def test_every_row_is_own_or_connection_or_repetition_or_skipped(
    rows: list[object], asked: AccountRef
) -> None:
    answer = parse_answer({"result": rows}, asked)
    alone = [parse_answer({"result": [each]}, asked) for each in rows]
    usable = [one.own or one.connections[0] for one in alone if not one.skipped]
    distinct = dict.fromkeys((a.network, a.social_id) for a in usable)
    assert len(answer.connections) + bool(answer.own) == len(distinct)
    assert len(answer.skipped) == len(rows) - len(usable)


class TestPlan:
    def test_the_documented_sample(self) -> None:
        document = {
            "result": {
                "reports": {"plan": "basic", "credits": 10123},
                "discovery": {"plan": "all", "requests": 89936},
            }
        }
        assert parse_plan(document) == PlanInfo("basic", 10123, "all", 89936)

    def test_whatever_is_missing_is_none(self) -> None:
        assert parse_plan({"result": {"reports": None, "discovery": {"plan": 3}}}) == PlanInfo(
            discovery_plan="3"
        )

    @pytest.mark.parametrize("document", [None, {}, {"result": []}, {"result": None}])
    def test_refuses_what_is_no_plan(self, document: object) -> None:
        with pytest.raises(UnusableAnswer, match="cannot be used"):
            parse_plan(document)

    @given(JSON)
    def test_nothing_but_unusable_answer_is_raised(self, result: object) -> None:
        try:
            plan = parse_plan({"result": result})
        except UnusableAnswer:
            assert not isinstance(result, dict)
        else:
            assert plan.credits is None or plan.credits >= 0
