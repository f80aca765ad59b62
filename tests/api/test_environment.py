"""Proxies and CA bundles come from the environment, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphcrawl.api import Client
from graphcrawl.errors import SettingsError, Unreachable
from graphcrawl.model import AccountRef
from tests.api.conftest import CREDENTIALS, QUICK, TOKEN, Play, Player, free_port, wire

NASA = AccountRef("instagram", username="nasa")
SECURE_URL = "https://hypeauditor.invalid"


def refused_by(proxy: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with (
        Client(CREDENTIALS, base_url=SECURE_URL, timeout=QUICK) as client,
        pytest.raises(Unreachable) as caught,
    ):
        client.ask(NASA)
    return str(caught.value)


def test_a_proxy_is_asked_and_its_refusal_told(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    player.will(Play(wire(407), "close"))
    message = refused_by(f"http://me:pa55@127.0.0.1:{player.port}", monkeypatch)
    assert f"the proxy 127.0.0.1:{player.port} does not let us through" in message
    assert "407" in message
    assert "NO_PROXY" in message
    assert "pa55" not in message
    (seen,) = player.seen
    assert seen.target == "hypeauditor.invalid:443"
    assert TOKEN not in str(seen)


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    message = refused_by(f"127.0.0.1:{port}", monkeypatch)
    assert f"the proxy 127.0.0.1:{port} does not let us through (Connection refused)" in message


def test_no_proxy_is_respected(monkeypatch: pytest.MonkeyPatch, player: Player) -> None:
    monkeypatch.setenv("NO_PROXY", "hypeauditor.invalid")
    message = refused_by(f"http://127.0.0.1:{player.port}", monkeypatch)
    assert "proxy" not in message
    assert player.connections == 0


def test_plain_http_goes_to_this_machine_without_a_proxy(
    client: Client, player: Player, other: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", other.url)
    monkeypatch.setenv("ALL_PROXY", other.url)
    player.will(Play(wire(200, b'{"result": []}')))
    with Client(CREDENTIALS, base_url=player.url, timeout=QUICK) as asking:
        asking.ask(NASA)
    assert (len(player.seen), other.connections) == (1, 0)


@pytest.mark.parametrize("proxy", ["gopher://127.0.0.1:1", "http://me:pa55@:99", "http://[::1"])
def test_a_proxy_that_cannot_be_used_is_told_at_once(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(SettingsError, match="HTTPS_PROXY") as caught:
        Client(CREDENTIALS, base_url=SECURE_URL)
    assert "pa55" not in str(caught.value)


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_bad_ca_bundle_is_told_at_once(
    variable: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty = tmp_path / "none\x1b.pem"
    empty.write_text("no certificate\n")
    for path in (str(empty), str(tmp_path / "absent.pem")):
        monkeypatch.setenv(variable, path)
        with pytest.raises(SettingsError, match=f"{variable} names no file") as caught:
            Client(CREDENTIALS, base_url=SECURE_URL)
        assert str(caught.value).isprintable()


def test_a_folder_of_certificates_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, secure: Player
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    with (
        Client(CREDENTIALS, base_url=secure.url, timeout=QUICK) as client,
        pytest.raises(Unreachable, match="not trusted"),
    ):
        client.ask(NASA)
