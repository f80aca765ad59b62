"""A cassette's file: what it says of itself, how vcrpy replays it, and how it is recorded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import vcr
import yaml  # type: ignore[import-untyped]
from vcr.stubs import VCRHTTPResponse

from graphcrawl.errors import InputError

FOLDER: Final = Path(__file__).parents[2] / "cassettes"
VENDOR: Final = "https://hypeauditor.com"
STAND_IN: Final = "https://api.simulator.invalid"
"""Whom simulated cassettes were asked of: a host that cannot exist (RFC 2606), and never the
vendor's, so that a database filled from them is stamped as simulated."""


class Source(StrEnum):
    """Where a cassette's answers come from."""

    DOCUMENTATION = "documentation"
    SIMULATOR = "simulator"
    VENDOR = "vendor"
    STAND_IN = "stand-in"


_MADE: Final = {
    Source.DOCUMENTATION: "Made from the public documentation of the vendor. "
    "Not recorded, no request was ever sent.",
    Source.SIMULATOR: "Made from the simulator of graphcrawl, its small world. "
    "Simulated, nothing here came from the vendor.",
    Source.VENDOR: "Recorded from the API of the vendor, secrets scrubbed.",
    Source.STAND_IN: "Recorded from a server that stood in for the vendor, secrets scrubbed. "
    "Simulated, nothing here came from the vendor.",
}


@dataclass(frozen=True)
class Making:
    """What a cassette says of itself, at its top.

    `invented` names what the documentation leaves open and somebody had to fill in.
    """

    source: Source
    recorded_on: str | None = None
    invented: str | None = None

    def metadata(self) -> dict[str, str]:
        said = {
            "made": _MADE[self.source],
            "source": self.source.value,
            "recorded_on": self.recorded_on,
            "invented": self.invented,
        }
        return {key: value for key, value in said.items() if value is not None}


def path_of(name: str, folder: Path = FOLDER) -> Path:
    return folder / f"{name}.yaml"


def source_of(path: Path) -> Source:
    return Source(load(path.read_text("utf-8"))["metadata"]["source"])


def base_url_of(path: Path) -> str:
    """Scheme and host that the client must ask to be answered from this cassette."""
    uri: str = load(path.read_text("utf-8"))["interactions"][0]["request"]["uri"]
    return "/".join(uri.split("/")[:3])


def bodies_of(path: Path) -> list[tuple[int, Any]]:
    """Every answer's status and decoded body, in the order of the requests."""
    interactions = load(path.read_text("utf-8"))["interactions"]
    responses = [interaction["response"] for interaction in interactions]
    return [(r["status"]["code"], json.loads(r["body"]["string"] or "null")) for r in responses]


def load(text: str) -> Any:
    return yaml.safe_load(text)


def dump(document: Mapping[str, Any]) -> str:
    """Write a cassette: what it says of itself comes first, and JSON stays legible."""
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Writes texts of several lines as such."""


def _represent_text(dumper: Any, text: str) -> Any:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


class Leak(InputError):
    """A cassette would hold what no cassette may hold; it is not written."""


@dataclass
class Serializer:
    """vcrpy's serializer, with what the cassette says of itself and a last look before writing.

    `leaks` names what must not be written; then nothing is, and `found` says what it was.
    """

    making: Making
    leaks: Callable[[str], Iterable[str]]
    found: tuple[str, ...] = ()

    def serialize(self, data: Mapping[str, Any]) -> str:
        head = {"version": data["version"], "metadata": self.making.metadata()}
        text = dump({**head, "interactions": data["interactions"]})
        # Not raised here: vcrpy would leave its patches in place until the next collection of
        # garbage, which then undoes those of another cassette.
        self.found = tuple(self.leaks(text))
        return "" if self.found else text

    def deserialize(self, text: str) -> Any:
        return load(text)


def _read1(response: Any, amount: int = -1, *, decode_content: bool | None = None) -> bytes:
    """Stand in for `read1` of vcrpy 9.4, which does not know urllib3's `decode_content`.

    There is nothing to decode: vcrpy reads a body decoded before it hands it on.
    """
    return bytes(response._content.read1(amount))


_PATCHES: Final = ((VCRHTTPResponse, "read1", _read1),)


@contextmanager
def replaying(path: Path) -> Iterator[Any]:
    """Answer every request in the block from a cassette, and none from the network."""
    player = vcr.VCR(custom_patches=_PATCHES, record_mode="none")
    with player.use_cassette(str(path)) as cassette:
        yield cassette


@contextmanager
def recording(
    path: Path,
    serializer: Serializer,
    *,
    scrub_request: Callable[[Any], Any],
    scrub_response: Callable[[dict[str, Any]], dict[str, Any]],
) -> Iterator[None]:
    """Write every exchange in the block, scrubbed, as a new cassette.

    Raises
    ------
    Leak
        If it would still hold a secret; an empty file is left.
    """
    recorder = vcr.VCR(
        custom_patches=_PATCHES,
        record_mode="all",
        record_on_exception=False,
        before_record_request=scrub_request,
        before_record_response=scrub_response,
    )
    recorder.register_serializer("graphcrawl", serializer)
    with recorder.use_cassette(str(path), serializer="graphcrawl"):
        yield
    if serializer.found:
        raise Leak(f"the cassette was not written: {'; '.join(serializer.found)}")
