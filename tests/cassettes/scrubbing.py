"""Keeping secrets out of cassettes: what is let in, what is cut out, and a look for the rest."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from graphcrawl.errors import InputError
from graphcrawl.model import Credentials
from tests.cassettes.tape import STAND_IN, VENDOR, dump, load

SCRUBBED: Final = "scrubbed"
AUTH_HEADERS: Final = ("x-auth-id", "x-auth-token")
REQUEST_HEADERS: Final = frozenset({"accept", *AUTH_HEADERS})
RESPONSE_HEADERS: Final = frozenset(
    {"content-type", "location", "retry-after", "x-graphcrawl-simulator"}
)
"""All else is dropped, cookies first of all: nothing else is read by the client."""

_SHORTEST_TOKEN: Final = 8
_SHORTEST_ID: Final = 4
"""A shorter one would be found in half of all numbers; its header is scrubbed all the same."""

_PARAMETERS: Final = frozenset({"username", "id", "type", "v"})
_METADATA: Final = frozenset({"made", "source", "recorded_on", "invented"})
_ACCOUNT: Final = frozenset({"social_id", "username", "title", "avatar_url"})
"""Fields of an account, whose values may look like anything."""

_SECRET_LIKE: Final = re.compile(
    r"""
      \$2[abxy]?\$\d\d\$                                  # bcrypt, which API tokens may be
    | \beyJ[\w-]{8,}                                      # a JSON Web Token
    | \b(?:bearer|basic)\s+[\w.~+/-]{6,}                  # an Authorization header
    | \b(?:token|secret|password|api[_-]?key)\b["']?\s*[:=]\s*["']?\w
    | \b(?:session|phpsessid|csrf)\w*\s*=
    | (?=[\w+/-]*\d)(?=[\w+/-]*[A-Za-z])[\w+/-]{20,}      # long, with letters and digits
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Scrubber:
    """Takes the credentials, cookies and the server's own address out of what is recorded."""

    credentials: Credentials
    base_url: str
    written_as: str

    def __post_init__(self) -> None:
        if len(self.credentials.token) < _SHORTEST_TOKEN:
            raise InputError(
                f"a token of fewer than {_SHORTEST_TOKEN} characters cannot be told from other "
                "text, and so not be scrubbed"
            )

    def request(self, request: Any) -> Any:
        given = {name.lower(): value for name, value in request.headers.items()}
        kept = {name: given[name] for name in sorted(REQUEST_HEADERS & given.keys())}
        request.headers = kept | {name: SCRUBBED for name in AUTH_HEADERS if name in given}
        request.uri = self._plain(request.uri)
        return request

    def response(self, response: dict[str, Any]) -> dict[str, Any]:
        given = {name.lower(): values for name, values in response["headers"].items()}
        headers = {
            name: [self._plain(value) for value in given[name]]
            for name in sorted(RESPONSE_HEADERS & given.keys())
        }
        body = self._plain(response["body"]["string"].decode("utf-8", "replace"))
        status = response["status"]
        return {
            "status": {"code": status["code"], "message": self._plain(status["message"] or "")},
            "headers": headers,
            "body": {"string": body.encode()},
        }

    def leaks(self, text: str) -> Iterator[str]:
        """Name what a cassette's file still holds of the credentials, or that is like them."""
        pattern = _pattern(self.credentials)
        if any(pattern.search(found) for found in _texts(load(text)["interactions"])):
            yield "a credential"
        yield from leaks(text)

    def _plain(self, text: str) -> str:
        return (
            _pattern(self.credentials).sub(SCRUBBED, text).replace(self.base_url, self.written_as)
        )


def _pattern(credentials: Credentials) -> re.Pattern[str]:
    token = "|".join(re.escape(form) for form in _forms(credentials.token))
    if len(credentials.client_id) < _SHORTEST_ID:
        return re.compile(token)
    # An ID is short, often a number: only where it stands by itself.
    client_id = "|".join(re.escape(form) for form in _forms(credentials.client_id))
    return re.compile(rf"{token}|(?<![0-9A-Za-z])(?:{client_id})(?![0-9A-Za-z])")


def _forms(secret: str) -> list[str]:
    """A secret as URLs, JSON, PHP's JSON, HTML and Basic authorization would spell it."""
    raw = secret.encode()
    forms = {
        secret,
        quote(secret, safe=""),
        re.sub("%..", lambda found: found[0].lower(), quote(secret, safe="")),
        quote_plus(secret),
        html.escape(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret)[1:-1].replace("/", r"\/"),
        b64encode(raw).decode().rstrip("="),
        urlsafe_b64encode(raw).decode().rstrip("="),
    }
    return sorted(forms, key=len, reverse=True)


def leaks(text: str) -> Iterator[str]:
    """Name whatever a cassette's file holds that could be a secret, or could hide one."""
    document = load(text)
    if dump(document) != text:
        yield "text that graphcrawl did not write, such as a comment"
    if document.keys() != {"version", "metadata", "interactions"}:
        yield "a part that no cassette has"
    if stranger := document["metadata"].keys() - _METADATA:
        yield f"metadata of other names: {', '.join(sorted(stranger))}"
    for said in document["metadata"].values():
        yield from _looks(said, "metadata")
    for number, interaction in enumerate(document["interactions"]):
        for leak in (*_request_leaks(interaction["request"]), *_response_leaks(interaction)):
            yield f"exchange {number}: {leak}"


def _request_leaks(request: Mapping[str, Any]) -> Iterator[str]:
    for name, values in request["headers"].items():
        if name not in REQUEST_HEADERS:
            yield f"the request's header {name}"
        elif name in AUTH_HEADERS and values != [SCRUBBED]:
            yield f"the header {name} is not scrubbed"
        else:
            yield from _looks(str(values), name)
    if request["body"]:
        yield "a request's body"
    parts = urlsplit(request["uri"])
    if f"{parts.scheme}://{parts.netloc}" not in (VENDOR, STAND_IN):
        yield "an address of another host"
    query = dict(parse_qsl(parts.query))
    if query.keys() - _PARAMETERS or parts.fragment:
        yield "a parameter that the client does not send"
    yield from _looks(parts.path, "path")


def _response_leaks(interaction: Mapping[str, Any]) -> Iterator[str]:
    if interaction.keys() != {"request", "response"}:
        yield "a part that no exchange has"
    response = interaction["response"]
    for name, values in response["headers"].items():
        if name not in RESPONSE_HEADERS:
            yield f"the response's header {name}"
        yield from _looks(str(values), name)
    yield from _looks(response["status"]["message"], "status")
    for found in _body_texts(response["body"]["string"]):
        yield from _looks(found, "body")


def _body_texts(body: str) -> Iterator[str]:
    """Every text of a body but the values of an account's fields."""
    try:
        document = json.loads(body)
    except ValueError:
        yield body
        return
    yield from _texts(document, leave=_ACCOUNT)


def _texts(value: object, leave: frozenset[str] = frozenset()) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            if key not in leave or not isinstance(inner, str):
                yield from _texts(inner, leave)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, leave)
    else:
        yield str(value)


def _looks(text: str, where: str) -> Iterator[str]:
    if _SECRET_LIKE.search(text):
        yield f"{where}: looks like a secret"
