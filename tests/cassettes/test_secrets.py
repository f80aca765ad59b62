"""No cassette holds a token, or anything like one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphcrawl.errors import InputError
from graphcrawl.model import Credentials
from tests.cassettes.cases import CASES, CRAWL
from tests.cassettes.scrubbing import AUTH_HEADERS, SCRUBBED, Scrubber, leaks
from tests.cassettes.tape import FOLDER, VENDOR, dump, load, path_of

# Read once, before every such variable is taken away from the tests.
SECRETS_OF_WHOEVER_RUNS = tuple(
    value
    for name in ("HYPEAUDITOR_TOKEN", "HYPEAUDITOR_ID")
    if len(value := os.environ.get(name, "").strip()) >= 6
)
TOKEN = '$2y$04$Ab/cd+"ef&gh=Ij'
CLIENT_ID = "360838"
SCRUBBER = Scrubber(Credentials(CLIENT_ID, TOKEN), "http://127.0.0.1:9", VENDOR)

Damage = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize("name", [*CASES, CRAWL])
def test_no_cassette_holds_a_secret(name: str) -> None:
    assert list(leaks(path_of(name).read_text("utf-8"))) == []


def test_no_file_holds_the_credentials_of_whoever_runs_this() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert len(files) > len(CASES)
    for path in files:
        text = path.read_text("utf-8")
        assert not [secret for secret in SECRETS_OF_WHOEVER_RUNS if secret in text]


@pytest.mark.parametrize("name", [*CASES, CRAWL])
def test_every_request_was_sent_with_credentials_and_shows_none(name: str) -> None:
    interactions = load(path_of(name).read_text("utf-8"))["interactions"]
    for interaction in interactions:
        headers = interaction["request"]["headers"]
        assert [headers[name] for name in AUTH_HEADERS] == [[SCRUBBED], [SCRUBBED]]


def _first(document: dict[str, Any], part: str) -> dict[str, Any]:
    found: dict[str, Any] = document["interactions"][0][part]
    return found


DAMAGES: dict[str, Damage] = {
    "the token's header put back": lambda d: _first(d, "request")["headers"].update(
        {"x-auth-token": ["hunter2"]}
    ),
    "the ID's header put back": lambda d: _first(d, "request")["headers"].update(
        {"x-auth-id": ["360838"]}
    ),
    "a header in capitals": lambda d: _first(d, "request")["headers"].update(
        {"X-Auth-Token": ["scrubbed"]}
    ),
    "a second value": lambda d: _first(d, "request")["headers"]["x-auth-token"].append("hunter2"),
    "Authorization": lambda d: _first(d, "request")["headers"].update(
        {"authorization": ["Basic eDp5"]}
    ),
    "a cookie sent": lambda d: _first(d, "request")["headers"].update({"cookie": ["a=b"]}),
    "a cookie set": lambda d: _first(d, "response")["headers"].update({"set-cookie": ["a=b"]}),
    "a header with an address's ID": lambda d: _first(d, "response")["headers"].update(
        {"cf-ray": ["8f2a"]}
    ),
    "a token in a kept header": lambda d: _first(d, "response")["headers"].update(
        {"location": ["/api?token=hunter2"]}
    ),
    "a parameter": lambda d: _first(d, "request").update(uri=f"{VENDOR}/api?token=hunter2"),
    "another host": lambda d: _first(d, "request").update(uri="http://127.0.0.1:9/api?v=2"),
    "user information": lambda d: _first(d, "request").update(
        uri=f"{VENDOR.replace('//', '//me:hunter2@')}/api?v=2"
    ),
    "a request's body": lambda d: _first(d, "request").update(body="hunter2"),
    "bcrypt in a body": lambda d: _first(d, "response")["body"].update(
        string='{"error": {"code": 4, "description": "no such token $2y$04$abc"}}'
    ),
    "a token in a body": lambda d: _first(d, "response")["body"].update(
        string='{"echo": "5f0c2a7db1e94466a0b8c3d2"}'
    ),
    "a token as a field's name": lambda d: _first(d, "response")["body"].update(
        string='{"5f0c2a7db1e94466a0b8c3d2": 1}'
    ),
    "a body that is no JSON": lambda d: _first(d, "response")["body"].update(
        string="<p>token: hunter2</p>"
    ),
    "a token in the status": lambda d: _first(d, "response")["status"].update(
        message="token=hunter2"
    ),
    "a token in what it says of itself": lambda d: d["metadata"].update(made="token=hunter2"),
    "a further note": lambda d: d["metadata"].update(by="me"),
    "a further part": lambda d: d.update(note="hunter2"),
    "a further part of an exchange": lambda d: d["interactions"][0].update(note="hunter2"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("name", ["sample", "invalid-token"])
def test_the_test_would_see(name: str, damage: Damage) -> None:
    document = load(path_of(name).read_text("utf-8"))
    assert list(leaks(dump(document))) == []
    damage(document)
    assert list(leaks(dump(document))) != []


def test_the_test_would_see_a_comment() -> None:
    text = path_of("sample").read_text("utf-8")
    assert list(leaks(f"{text}# x-auth-token: hunter2\n")) != []


@pytest.mark.parametrize(
    "echo",
    [
        TOKEN,
        '{"error": {"description": "$2y$04$Ab/cd+\\"ef&gh=Ij"}}',
        '{"error": {"description": "$2y$04$Ab\\/cd+\\"ef&gh=Ij"}}',
        "/next?t=%242y%2404%24Ab%2Fcd%2B%22ef%26gh%3DIj",
        "/next?t=%242y%2404%24Ab%2fcd%2b%22ef%26gh%3dIj",
        "<p>$2y$04$Ab/cd+&quot;ef&amp;gh=Ij</p>",
        "JDJ5JDA0JEFiL2NkKyJlZiZnaD1Jag==",
        f'{{"client": {CLIENT_ID}, "of": "{CLIENT_ID}-7"}}',
    ],
)
def test_echoes_are_cut_out_however_they_are_spelt(echo: str) -> None:
    clean = SCRUBBER.response(
        {
            "status": {"code": 403, "message": echo},
            "headers": {"Set-Cookie": [echo], "Location": [echo], "X-Echo": [echo]},
            "body": {"string": f"before {echo} after".encode()},
        }
    )
    shown = str(clean)
    assert echo not in shown
    assert CLIENT_ID not in shown
    assert "Ab" not in shown
    assert "JDJ5" not in shown
    assert clean["headers"].keys() == {"location"}
    assert clean["body"]["string"].startswith(b"before ")
    assert clean["body"]["string"].endswith(b" after")


def test_numbers_that_only_contain_the_id_stay() -> None:
    body = b'{"subscribers_count": 13608389}'
    clean = SCRUBBER.response(
        {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": body}}
    )
    assert clean["body"]["string"] == body


def test_a_credential_that_came_through_is_seen() -> None:
    document = load(path_of("sample").read_text("utf-8"))
    assert list(SCRUBBER.leaks(dump(document))) == []
    document["interactions"][0]["response"]["body"]["string"] = f'{{"x": "{CLIENT_ID}"}}'
    assert list(SCRUBBER.leaks(dump(document))) == ["a credential"]


def test_a_token_too_short_to_be_told_apart_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be told from other text"):
        Scrubber(Credentials(CLIENT_ID, "token"), VENDOR, VENDOR)


def test_the_cassettes_lie_where_the_readme_says(tmp_path: Path) -> None:
    assert path_of("sample").parent == FOLDER
    assert path_of("sample", tmp_path) == tmp_path / "sample.yaml"
