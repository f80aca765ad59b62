from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image

from graphcrawl.simulator import Faults, GeneratedWorld, Limit, Simulator, SmallWorld
from graphcrawl.simulator.portraits import SIDE, portrait
from tests.simulator.requesting import CREDENTIALS, get, target

NASA = target(username="nasa", type="instagram")
SIM = target(id="sim0", type="instagram")


@pytest.fixture
def server() -> Iterator[Simulator]:
    with Simulator(GeneratedWorld(500), pictures=True) as running:
        yield running


def avatars(server: Simulator, path: str = SIM, **headers: str) -> list[str]:
    return [row["avatar_url"] for row in get(server, path, headers=CREDENTIALS | headers).rows]


def test_each_account_has_a_pattern_of_its_own() -> None:
    seen = set()
    for number in range(60):
        drawn = portrait("instagram", f"sim{number}")
        assert drawn == portrait("instagram", f"sim{number}")
        image = Image.open(BytesIO(drawn), formats=["PNG"])
        image.load()
        assert image.size == (SIDE, SIDE)
        pixels = image.convert("RGB")
        assert len(pixels.getcolors(9) or ()) <= 2
        assert pixels.tobytes() == pixels.transpose(Image.Transpose.FLIP_LEFT_RIGHT).tobytes()
        seen.add(drawn)
    assert len(seen) > 55
    assert portrait("tiktok", "sim1") != portrait("instagram", "sim1")


def test_avatars_lie_on_the_server_and_are_served_to_anyone(server: Simulator) -> None:
    addresses = avatars(server)
    assert addresses
    for address in addresses:
        assert address.startswith(f"{server.url}/img/")
        parts = urlsplit(address)
        got = get(server, f"{parts.path}?{parts.query}", headers={})
        assert got.status == 200
        assert got.headers["Content-Type"] == "image/png"
        assert got.headers["X-Graphcrawl-Simulator"] == "1"
        network, social_id = parts.path.split("/")[2], parts.path.split("/")[4][:-4]
        assert got.body == portrait(network, social_id)


def test_a_request_for_a_picture_is_none_of_the_api() -> None:
    """No credentials, no limit, no faults, and nothing remembered."""
    limits = {"limit": Limit(requests=1), "faults": Faults(share=0.5)}
    with Simulator(SmallWorld(), pictures=True, **limits) as server:  # type: ignore[arg-type]
        path = "/img/instagram/user/sim1.jpg?w=150&till=1&sign=" + 32 * "0"
        assert [get(server, path, headers={}).status for _ in range(9)] == [200] * 9
        assert server.total == 0


def test_the_documented_accounts_stay_as_they_are_documented() -> None:
    with Simulator(SmallWorld(), pictures=True) as server:
        hosts = [urlsplit(address).netloc for address in avatars(server, NASA)]
        assert hosts == ["cdn.hypeauditor.com"] * 5


def test_without_pictures_all_is_as_it_was() -> None:
    with Simulator(GeneratedWorld(500)) as server:
        addresses = avatars(server)
        assert {urlsplit(address).netloc for address in addresses} == {"cdn.simulator.invalid"}
        parts = urlsplit(addresses[0])
        assert get(server, f"{parts.path}?{parts.query}").status == 404


@pytest.mark.parametrize(
    "host", ["evil.example/x", "a b", "user@evil.example", "evil.example#", "", "[::1", "x:y"]
)
def test_a_host_that_is_none_is_not_repeated(server: Simulator, host: str) -> None:
    found = {urlsplit(address).netloc for address in avatars(server, Host=host)}
    assert found == {"cdn.simulator.invalid"}


@pytest.mark.parametrize("host", ["localhost:8765", "[::1]:8765", "simulator.example"])
def test_they_lie_where_the_client_asked(server: Simulator, host: str) -> None:
    assert {urlsplit(address).netloc for address in avatars(server, Host=host)} == {host}


@pytest.mark.parametrize(
    "path",
    [
        "/img/",
        "/img/instagram/user/sim1.jpg",
        "/img/instagram/user/a/b.jpg?w=150&till=1&sign=" + 32 * "0",
        "/img/instagram/user/sim1.jpg?w=9999&till=1&sign=" + 32 * "0",
        "/img/../etc/passwd",
    ],
)
def test_no_other_picture_is_there(server: Simulator, path: str) -> None:
    assert get(server, path).status == 404
