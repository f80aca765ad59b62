"""How long a server asks us to wait, and its words in our messages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from graphcrawl.api.exchange import Reply
from graphcrawl.api.refusals import refusal, retry_after, vendor_error
from graphcrawl.errors import ApiError, RateLimited, ReportForbidden, ReportPending, ServerFault

MIDNIGHT = 1_740_787_200.0  # 2025-03-01 00:00:00 UTC
MARCH = "Sat, 01 Mar 2025 00:00:{:02} GMT"


def headers(**given_headers: str) -> CaseInsensitiveDict[str]:
    return CaseInsensitiveDict({k.replace("_", "-"): v for k, v in given_headers.items()})


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("7", None, 7.0),
        (" 2.5 ", None, 2.5),
        ("0", None, 0.0),
        ("-5", None, 0.0),
        (MARCH.format(30), None, 30.0),
        (MARCH.format(30), MARCH.format(20), 10.0),
        (MARCH.format(20), MARCH.format(30), 0.0),
        (MARCH.format(30), "rubbish", 30.0),
        ("Sat, 01 Mar 2025 00:00:30 -0000", None, 30.0),
        ("Fri, 28 Feb 1925 00:00:00 GMT", None, 0.0),
        ("nan", None, None),
        ("inf", None, None),
        ("9" * 400, None, None),
        ("soon", None, None),
        ("5, 5", None, None),
        ("Sat, 99 Mar 2025 00:00:30 GMT", None, None),
        ("", None, None),
    ],
)
def test_retry_after(value: str, date: str | None, seconds: float | None) -> None:
    given_headers = headers(retry_after=value, **({"date": date} if date else {}))
    assert retry_after(given_headers, MIDNIGHT) == seconds


def test_a_date_without_zone_is_no_local_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        asked = headers(retry_after="Sat, 01 Mar 2025 00:00:30 -0000")
        assert retry_after(asked, MIDNIGHT) == 30.0
    finally:
        monkeypatch.undo()
        time.tzset()


def test_no_retry_after() -> None:
    assert retry_after(headers(), MIDNIGHT) is None


@given(st.text(), st.text())
def test_no_retry_after_raises(value: str, date: str) -> None:
    seconds = retry_after(headers(retry_after=value, date=date), MIDNIGHT)
    assert seconds is None or 0 <= seconds < float("inf")


def refused(status: int, document: object = None, **given_headers: str) -> ApiError:
    return refusal(Reply(status, headers(**given_headers), b""), document, now=MIDNIGHT)


@pytest.mark.parametrize(
    ("document", "seconds"),
    [
        ({"result": {"retry": 30}}, 30.0),
        ({"result": {"retryAfter": 12.5, "state": "x"}}, 12.5),
        ({"result": {"RETRY_TIMEOUT": "45"}}, 45.0),
        ({"retry_in": 3}, 3.0),
        ({"result": {"retry": True, "retry_in": 4}}, 4.0),
        ({"result": {"retry": -4}}, 0.0),
        ({"result": {"retry": "soon"}}, None),
        ({"result": {"retry": None}}, None),
        ({"result": {"retry": 10**400}}, None),
        ({"result": {"again": 3}}, None),
        ({"result": [{"retry": 3}]}, None),
        (None, None),
    ],
)
def test_the_retry_field_of_a_pending_report(document: object, seconds: float | None) -> None:
    fault = refused(202, document)
    assert isinstance(fault, ReportPending)
    assert fault.retry_after == seconds


def test_the_header_goes_before_the_field() -> None:
    fault = refused(202, {"result": {"retry": 30}}, retry_after="9")
    assert isinstance(fault, ReportPending)
    assert fault.retry_after == 9.0


@pytest.mark.parametrize(("status", "kind"), [(429, RateLimited), (503, ServerFault)])
def test_others_wait_as_told_by_the_header_alone(status: int, kind: type[ApiError]) -> None:
    fault = refused(status, {"result": {"retry": 30}}, retry_after=MARCH.format(5))
    assert isinstance(fault, RateLimited | ServerFault)
    assert (type(fault), fault.retry_after) == (kind, 5.0)
    bare = refused(status)
    assert isinstance(bare, RateLimited | ServerFault)
    assert bare.retry_after is None


def test_the_servers_words_are_quoted_on_one_line_and_not_for_ever() -> None:
    words = "no\x1b[31m\r\n\u202eposts " + "x" * 5000
    fault = refused(403, {"error": {"code": 12, "description": words}})
    assert isinstance(fault, ReportForbidden)
    assert "(HTTP 403/12: no\\x1b[31m\\r\\n\\u202eposts xxx" in str(fault)
    assert len(str(fault)) < 400


def test_a_token_sent_back_is_cut_out() -> None:
    document = {"error": {"code": 4, "description": "no token s3cret here"}}
    fault = refusal(Reply(403, headers(), b""), document, secret="s3cret")
    assert str(fault).endswith("(HTTP 403/4: no token [token] here)")


@given(st.recursive(st.none() | st.integers() | st.text(), lambda x: st.dictionaries(
    st.sampled_from(["error", "code", "description", "result", "retry"]), x)),
    st.integers(100, 999),
)  # fmt: skip
def test_any_status_and_body_become_one_of_ours(document: object, status: int) -> None:
    fault = refused(status, document)
    assert isinstance(fault, ApiError)
    assert fault.status == status
    error = vendor_error(document)
    assert fault.code == (error.code if error else None)
