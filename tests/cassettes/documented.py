"""The answers that the vendor's documentation prints or describes, as cassettes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from tests.cassettes.scrubbing import AUTH_HEADERS, SCRUBBED, leaks
from tests.cassettes.tape import VENDOR, Making, Source, dump, path_of
from tests.sample import SAMPLE, as_answered

_CONNECTIONS: Final = "/api/method/auditor.reportConnections"
_PLAN: Final = "/api/method/auditor.planInfo/"

_UNSIGNED: Final = "all avatar_url but the first, made after its pattern"
_NO_CODE: Final = "the whole body: the documentation gives neither code nor description"

_SAMPLE: Final = {"result": [as_answered(row) for row in SAMPLE]}

_PLAN_LEFT: Final = {
    "result": {
        "reports": {"plan": "basic", "credits": 10123},
        "discovery": {"plan": "all", "requests": 89936},
    }
}


def _error(code: int, description: str) -> dict[str, Any]:
    return {"error": {"code": code, "description": description}}


@dataclass(frozen=True)
class Documented:
    """One documented answer, and the request that it answers."""

    status: int
    body: object
    invented: str | None = None
    query: dict[str, str] = field(default_factory=lambda: {"username": "nasa", "type": "instagram"})
    path: str = _CONNECTIONS
    headers: dict[str, list[str]] = field(default_factory=dict)

    def interaction(self) -> dict[str, Any]:
        query = urlencode(self.query | {"v": "2"})
        sent = {"accept": "application/json"} | dict.fromkeys(AUTH_HEADERS, SCRUBBED)
        return {
            "request": {
                "method": "GET",
                "uri": f"{VENDOR}{self.path}?{query}",
                "body": None,
                "headers": {name: [value] for name, value in sent.items()},
            },
            "response": {
                "status": {"code": self.status, "message": HTTPStatus(self.status).phrase},
                "headers": {"content-type": ["application/json"]} | self.headers,
                "body": {"string": json.dumps(self.body, indent=2) + "\n"},
            },
        }


def _named(username: str) -> dict[str, str]:
    return {"username": username, "type": "instagram"}


DOCUMENTED: Final = {
    "sample": Documented(200, _SAMPLE, _UNSIGNED),
    "by-id": Documented(
        200,
        _SAMPLE,
        f"{_UNSIGNED}; that this ID is answered with the documented sample",
        query={"id": "UCLA_DiR1FfKNvjuUpBHmylQ", "type": "youtube"},
    ),
    "plan": Documented(200, _PLAN_LEFT, path=_PLAN, query={}),
    "invalid-request": Documented(400, _error(8, "Invalid request")),
    "no-api-access": Documented(402, _error(27, "No API access")),
    "invalid-token": Documented(403, _error(4, "Invalid token")),
    "private": Documented(
        403,
        _error(403, "Account is private"),
        "code and description: the documentation says only that the code is not 4",
        query=_named("graphcrawl_private_account"),
    ),
    "not-found": Documented(
        404, _error(16, "Object not found"), query=_named("graphcrawl_has_no_such_account")
    ),
    "too-many-requests": Documented(429, _error(429, "Too many requests"), _NO_CODE),
    "too-many-requests-with-wait": Documented(
        429,
        _error(429, "Too many requests"),
        f"{_NO_CODE}; and Retry-After, which it does not mention",
        headers={"retry-after": ["7"]},
    ),
    "server-fault": Documented(500, _error(500, "Internal Server Error"), _NO_CODE),
    "being-made": Documented(
        202,
        {"result": {"retry": 5}},
        "the end of the field's name, which begins with retry, and its value",
        query=_named("nasaartemis"),
    ),
}


def make(name: str, folder: Path) -> Path:
    """Write one cassette from the documentation."""
    documented = DOCUMENTED[name]
    making = Making(Source.DOCUMENTATION, invented=documented.invented)
    head = {"version": 1, "metadata": making.metadata()}
    text = dump(head | {"interactions": [documented.interaction()]})
    if found := list(leaks(text)):
        raise AssertionError(found)
    path = path_of(name, folder)
    path.write_text(text, "utf-8")
    return path
