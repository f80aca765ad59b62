"""Foreign exceptions to ours, in one place: what requests, urllib3, TLS and sockets raise."""

from __future__ import annotations

import http.client
import socket
import ssl
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import requests.exceptions as of_requests
import urllib3.exceptions as of_urllib3

from graphcrawl.api.exchange import AnswerTooLarge
from graphcrawl.api.messages import about, one_line
from graphcrawl.errors import (
    ApiError,
    BrokenAnswer,
    RedirectRefused,
    RequestTimeout,
    Unreachable,
    UnusableAnswer,
)

FOREIGN: Final = (
    AnswerTooLarge,
    OSError,
    http.client.HTTPException,
    of_urllib3.HTTPError,
    of_urllib3.ProxySchemeUnsupported,
)
"""Whatever one exchange may end in; requests' exceptions are OSErrors."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Exceptions that mean the same.

    Attributes
    ----------
    kinds : tuple of type
        Met anywhere among an exception and those it holds.
    becomes : type
        What is raised instead.
    says : str
        The message, with ``{host}``, ``{proxy}`` and ``{why}`` to fill in.
    """

    kinds: tuple[type[BaseException], ...]
    becomes: type[ApiError]
    says: str


_BROKE: Final = "the connection to {host} broke ({why}): try again"
_GARBLED: Final = "the answer of {host} arrived cut or garbled ({why}): try again"
_LATE: Final = "no answer from {host} in time: try again later"

RULES: Final = (
    Rule(
        (AnswerTooLarge,),
        # Not BrokenAnswer: the same account would answer as much again, at the same cost.
        UnusableAnswer,
        "the answer of {host} is larger than we accept: left unread",
    ),
    Rule(
        (ssl.SSLCertVerificationError,),
        Unreachable,
        "the certificate of {host} is not trusted ({why}): check HYPEAUDITOR_URL and the clock; "
        "where a proxy signs the traffic, name its CA file in REQUESTS_CA_BUNDLE",
    ),
    Rule(
        (
            of_requests.ProxyError,
            of_requests.InvalidProxyURL,
            of_urllib3.ProxyError,
            of_urllib3.ProxySchemeUnknown,
            of_urllib3.ProxySchemeUnsupported,
        ),
        Unreachable,
        "the proxy {proxy} does not let us through ({why}): correct HTTPS_PROXY, or name "
        "{host} in NO_PROXY",
    ),
    Rule(
        (socket.gaierror, of_urllib3.NameResolutionError),
        Unreachable,
        "the name {host} is not found: check the network and HYPEAUDITOR_URL",
    ),
    Rule(
        (of_urllib3.NewConnectionError,),
        Unreachable,
        "no connection to {host} ({why}): check the network and HYPEAUDITOR_URL",
    ),
    Rule(
        (
            of_requests.Timeout,
            of_requests.ConnectTimeout,
            of_requests.ReadTimeout,
            of_urllib3.TimeoutError,
            of_urllib3.ConnectTimeoutError,
            of_urllib3.ReadTimeoutError,
            TimeoutError,
        ),
        RequestTimeout,
        _LATE,
    ),
    Rule(
        (of_requests.SSLError, of_urllib3.SSLError, ssl.SSLError),
        Unreachable,
        "TLS with {host} failed ({why}): check HYPEAUDITOR_URL, and any proxy in between",
    ),
    Rule(
        (of_requests.TooManyRedirects, of_urllib3.HostChangedError),
        RedirectRefused,
        "{host} redirects without end, or elsewhere: check HYPEAUDITOR_URL",
    ),
    Rule(
        # Before what follows: it is raised while the status line is awaited, not within a body.
        (of_requests.ConnectionError, http.client.RemoteDisconnected),
        Unreachable,
        _BROKE,
    ),
    Rule(
        (
            of_requests.ChunkedEncodingError,
            of_requests.ContentDecodingError,
            of_requests.InvalidHeader,
            of_requests.InvalidJSONError,
            of_requests.JSONDecodeError,
            of_requests.HTTPError,
            of_requests.StreamConsumedError,
            of_urllib3.BodyNotHttplibCompatible,
            of_urllib3.DecodeError,
            of_urllib3.HeaderParsingError,
            of_urllib3.IncompleteRead,
            of_urllib3.InvalidChunkLength,
            of_urllib3.InvalidHeader,
            of_urllib3.ProtocolError,
            of_urllib3.ResponseNotChunked,
            http.client.HTTPException,
        ),
        BrokenAnswer,
        _GARBLED,
    ),
    Rule(
        (
            of_requests.InvalidSchema,
            of_requests.InvalidURL,
            of_requests.MissingSchema,
            of_requests.URLRequired,
            of_urllib3.LocationParseError,
            of_urllib3.LocationValueError,
            of_urllib3.URLSchemeUnknown,
        ),
        Unreachable,
        "the address {host} cannot be used ({why}): check HYPEAUDITOR_URL",
    ),
    Rule(
        (
            of_requests.RetryError,
            of_requests.UnrewindableBodyError,
            of_urllib3.ClosedPoolError,
            of_urllib3.EmptyPoolError,
            of_urllib3.FullPoolError,
            of_urllib3.MaxRetryError,
            of_urllib3.PoolError,
            of_urllib3.RequestError,
            of_urllib3.ResponseError,
            of_urllib3.TimeoutStateError,
            of_urllib3.UnrewindableBodyError,
        ),
        Unreachable,
        _BROKE,
    ),
)
"""Tried from the top; an exception is searched together with all that it holds."""

# For classes that a later version of a library adds: another attempt costs little, and a
# traceback of theirs would end the crawl.
_OTHERWISE: Final = Rule((Exception,), Unreachable, _BROKE)


def rule_for(error: BaseException) -> Rule:
    """Return the first rule that knows the exception, or one that it holds."""
    held = tuple(_unwrapped(error))
    return next(
        (rule for rule in RULES if any(isinstance(each, rule.kinds) for each in held)), _OTHERWISE
    )


def translate(
    error: BaseException, *, host: str, proxy: str | None = None, account: str | None = None
) -> ApiError:
    """Turn a foreign exception into one of ours, and strip it of what the token was sent with.

    Parameters
    ----------
    error : BaseException
        One of `FOREIGN`; it is meant to become the `__cause__` of the result.
    host : str
        Whom we were talking to.
    proxy : str or None
        Through which proxy.
    account : str or None
        Whom was asked for, ready to be shown.

    Returns
    -------
    ApiError
        To be raised ``from error``.
    """
    rule = rule_for(error)
    text = rule.says.format(host=host, proxy=proxy or "of the environment", why=_why(error))
    _forget_request(error)
    return rule.becomes(about(account, text), account=account)


def _unwrapped(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception and all that it was made from, the outermost first."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop(0)
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = (getattr(each, name, None) for name in ("reason", "original_error"))
        # Not its __context__: that may be an earlier attempt's failure, still being handled.
        waiting += [*each.args, *inner, each.__cause__]


def _why(error: BaseException) -> str:
    """Give the innermost reason, in the system's words where it has some.

    Libraries' own texts are left out: they hold addresses of objects, and whole URLs.
    """
    held = list(_unwrapped(error))
    for each in reversed(held):
        words = getattr(each, "verify_message", None) or getattr(each, "strerror", None)
        if isinstance(words, str):
            return one_line(words)
    # A proxy's refusal is a plain OSError("Tunnel connection failed: 407 ...").
    texts = [str(each) for each in held if type(each) is OSError]
    return one_line(texts[0]) if texts else type(held[-1]).__name__


def _forget_request(error: BaseException) -> None:
    """Drop the request, and the locals of the frames it went through: both hold the headers."""
    for each in _unwrapped(error):
        if isinstance(each, of_requests.RequestException):
            each.request = each.response = None
        traceback.clear_frames(each.__traceback__)
