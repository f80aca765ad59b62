"""What an answer other than connections means: the vendor's documented errors, and the rest."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from graphcrawl.api.exchange import Reply
from graphcrawl.api.messages import about, one_line
from graphcrawl.errors import (
    ApiError,
    InvalidRequest,
    InvalidToken,
    NoApiAccess,
    RateLimited,
    ReportForbidden,
    ReportNotFound,
    ReportPending,
    RequestTimeout,
    ServerFault,
    TransientError,
    UnexpectedStatus,
    Unreachable,
    UnusableAnswer,
)

_BY_STATUS: Final[Mapping[int, type[ApiError]]] = {
    202: ReportPending,
    400: InvalidRequest,
    401: InvalidToken,
    402: NoApiAccess,
    403: ReportForbidden,
    404: ReportNotFound,
    408: RequestTimeout,
    425: ServerFault,
    429: RateLimited,
}

_BY_CODE: Final[Mapping[int, type[ApiError]]] = {
    4: InvalidToken,
    8: InvalidRequest,
    16: ReportNotFound,
    27: NoApiAccess,
}

_ABOUT_ACCESS: Final = frozenset({4, 27})

# Any web server says these, and so a wrong address or a firewall would mark every account as
# private or without a report. Only the vendor's own error makes them an answer; else the API
# counts as not reached, and a crawl that never reaches it ends early with every account queued.
_NEED_THE_VENDORS_ERROR: Final = frozenset({400, 403, 404})

_SAYS: Final[Mapping[type[ApiError], str]] = {
    ReportPending: "the report is being made: ask again later",
    InvalidRequest: "the API refused the request: check the name and the network",
    InvalidToken: "the API refused the client ID or the token: check HYPEAUDITOR_ID and "
    "HYPEAUDITOR_TOKEN (a token changes with the password)",
    NoApiAccess: "the plan has no API access, or is out of credits: check it with the vendor",
    ReportForbidden: "no report to be had: the account is private, or has no posts",
    ReportNotFound: "the vendor has no report: check the name and the network",
    RequestTimeout: "the server gave up waiting: try again",
    ServerFault: "the server is temporarily unavailable: try again",
    RateLimited: "too many requests: wait, or lower the rate",
    UnusableAnswer: "the answer is an error that the documentation does not name",
    UnexpectedStatus: "a status that the documentation does not name: check HYPEAUDITOR_URL",
    Unreachable: "the API is not what answered: check HYPEAUDITOR_URL, and any proxy or firewall "
    "in between",
}


@dataclass(frozen=True, slots=True)
class VendorError:
    """The vendor's ``{"error": {"code": ..., "description": ...}}``."""

    code: int | None
    description: str


def vendor_error(document: object) -> VendorError | None:
    """Find the vendor's error in a decoded body; None where there is none."""
    error = document.get("error") if isinstance(document, dict) else None
    if not isinstance(error, dict):
        return None
    description = error.get("description")
    return VendorError(
        code=_code(error.get("code")),
        description=description.strip() if isinstance(description, str) else "",
    )


def refusal(
    reply: Reply,
    document: object,
    *,
    account: str | None = None,
    secret: str = "",
    now: float | None = None,
) -> ApiError:
    """Name the exception that an answer other than connections amounts to.

    Parameters
    ----------
    reply : Reply
        The answer; a 200 where it holds an error.
    document : object
        Its body decoded, or None where it is not JSON.
    account : str or None
        Whom was asked for, ready to be shown.
    secret : str
        Cut out of the server's words, should it send the token back.
    now : float or None
        Seconds since 1970, for a Retry-After that is a date; by default the clock's.

    Returns
    -------
    ApiError
        To be raised.
    """
    error = vendor_error(document)
    kind = _kind(reply.status, error)
    code = error.code if error else None
    text = about(account, f"{_SAYS[kind]} ({_source(reply.status, error, secret)})")
    if not issubclass(kind, TransientError):
        return kind(text, account=account, status=reply.status, code=code)
    wait = retry_after(reply.headers, time.time() if now is None else now)
    if wait is None and kind is ReportPending:
        wait = _retry_field(document)
    return kind(text, account=account, status=reply.status, code=code, retry_after=wait)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Read Retry-After, as seconds or as a date.

    Parameters
    ----------
    headers : Mapping
        Of the answer. A date is counted from the server's own Date, where it gave one.
    now : float
        Seconds since 1970 by our clock.

    Returns
    -------
    float or None
        Seconds to wait, never negative; None where the server did not say.
    """
    value = headers.get("Retry-After", "").strip()
    seconds = _seconds(value)
    if seconds is None and (until := _timestamp(value)) is not None:
        since = _timestamp(headers.get("Date", ""))
        seconds = until - (now if since is None else since)
    return None if seconds is None else max(0.0, seconds)


def _kind(status: int, error: VendorError | None) -> type[ApiError]:
    code = error.code if error else None
    if status == 200:
        return _BY_CODE.get(code or 0, UnusableAnswer)
    if status == 403 and code in _ABOUT_ACCESS:
        return _BY_CODE[code or 0]
    if error is None and status in _NEED_THE_VENDORS_ERROR:
        return Unreachable
    return ServerFault if 500 <= status < 600 else _BY_STATUS.get(status, UnexpectedStatus)


def _source(status: int, error: VendorError | None, secret: str) -> str:
    """Status, code and the server's words, such as ``403/4: Invalid token``."""
    if error is None:
        return f"HTTP {status}"
    code = "" if error.code is None else f"/{error.code}"
    return f"HTTP {status}{code}: {without(secret, error.description)}".rstrip(": ")


def without(secret: str, text: str) -> str:
    """Quote the server on one line, without the token that it might send back."""
    return one_line(text.replace(secret, "[token]") if secret else text)


def _code(value: object) -> int | None:
    if type(value) is int:
        return value if abs(value) < 2**31 else None
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        return int(value)
    return None


def _retry_field(document: object) -> float | None:
    """Seconds of a field with "retry" in its name; the documentation does not give the name."""
    result = document.get("result") if isinstance(document, dict) else None
    for place in (result, document):
        for key, value in place.items() if isinstance(place, dict) else ():
            if "retry" in key.lower() and (seconds := _seconds(value)) is not None:
                return max(0.0, seconds)
    return None


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) else None


def _timestamp(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        # A zone of -0000 gives a time without zone, which Python would take for local time.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
