"""Recording cassettes: from the vendor with real credentials, and the crawl from the simulator."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

from graphcrawl.api import Client, parse_base_url
from graphcrawl.crawl import StopSignal
from graphcrawl.crawl.budget import BudgetReached
from graphcrawl.errors import AccessError, ApiError, Unreachable
from graphcrawl.model import Credentials, Origin
from graphcrawl.runs import DEFAULT_RATE, Access
from graphcrawl.simulator import Simulator, SmallWorld
from graphcrawl.store import PermitSettings, SharedPermits
from tests.cassettes.cases import CASES, CRAWL, Case, outcome, small_crawl
from tests.cassettes.scrubbing import Scrubber
from tests.cassettes.tape import STAND_IN, VENDOR, Making, Serializer, Source, path_of, recording

NOBODYS_TOKEN: Final = "this-is-no-token-of-anybody"
_SIMULATORS: Final = Credentials("simulated-id", "simulated-token")


@dataclass(frozen=True)
class Taken:
    """What became of one cassette: `why` it was kept as it was, and whether that is a pity."""

    name: str
    why: str | None = None
    missed: bool = False


def make_small_crawl(folder: Path) -> Path:
    """Record the crawl from the simulator's small world."""
    with Simulator(SmallWorld()) as server:
        access = Access(server.url, _SIMULATORS, None)
        with _new(CRAWL, access, folder, Making(Source.SIMULATOR)) as scratch:
            result = small_crawl(scratch / "crawl.db", access)
        if result.ended is not None:
            raise result.ended
    return path_of(CRAWL, folder)


def record(access: Access, folder: Path, *, at_once: bool = False) -> Generator[Taken, None, None]:
    """Record whatever the API can be made to say, within the rate; the rest is kept as it is.

    `at_once`: the crawl does not wait between attempts, as for a server of one's own.

    Raises
    ------
    AccessError
        If the API refuses the credentials; every cassette not yet told is as it was.
    Unreachable
        If it is not there; likewise.
    Leak
        If a cassette would hold a secret; it is as it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    making = Making(
        Source.VENDOR if access.origin is Origin.VENDOR else Source.STAND_IN,
        recorded_on=date.today().isoformat(),
    )
    with _permits(access) as permits:
        for name, case in CASES.items():
            if not case.recordable:
                yield Taken(name, "nobody can make the API say this on purpose")
                continue
            why = _record_case(name, case, access, folder, making, permits)
            yield Taken(name, why, missed=why is not None)
    why = _record_crawl(access, folder, making, at_once=at_once)
    yield Taken(CRAWL, why, missed=why is not None)


class _Unlike(Exception):
    """Another answer came than the one that the cassette is for."""


def _record_case(
    name: str, case: Case, access: Access, folder: Path, making: Making, permits: SharedPermits
) -> str | None:
    wrong = issubclass(case.becomes, AccessError)
    sent = replace(access.credentials, token=NOBODYS_TOKEN) if wrong else access.credentials
    try:
        with (
            _new(name, access, folder, making),
            Client(sent, base_url=access.base_url) as client,
            permits.permit(StopSignal().wait),
        ):
            _expect(case, outcome(case, client))
    except _Unlike as error:
        return str(error)
    return None


def _expect(case: Case, came: object) -> None:
    if isinstance(came, case.becomes):
        return
    if isinstance(came, AccessError | Unreachable):
        raise came
    said = str(came) if isinstance(came, ApiError) else f"the API answered {type(came).__name__}"
    raise _Unlike(f"{said}; expected {case.becomes.__name__}")


def _record_crawl(access: Access, folder: Path, making: Making, *, at_once: bool) -> str | None:
    try:
        with _new(CRAWL, access, folder, making) as scratch:
            result = small_crawl(scratch / "crawl.db", access, at_once=at_once)
            # A reached budget is no fault here: replayed with the same one, it ends there too.
            if result.ended is not None and not isinstance(result.ended, BudgetReached):
                why = str(result.ended).partition(";")[0]
                raise _Unlike(f"the crawl was cut short: {why}")
    except _Unlike as error:
        return str(error)
    return None


@contextmanager
def _new(name: str, access: Access, folder: Path, making: Making) -> Iterator[Path]:
    """Record what is asked in the block, and only then replace the cassette.

    The block is given a folder for what it needs meanwhile.
    """
    written_as = VENDOR if access.origin is Origin.VENDOR else STAND_IN
    scrubber = Scrubber(access.credentials, str(parse_base_url(access.base_url)), written_as)
    folder.mkdir(parents=True, exist_ok=True)
    # Beside the cassettes, since a file is only replaced at once within one file system.
    with TemporaryDirectory(dir=folder, prefix=".recording-") as scratch:
        path = Path(scratch) / "new.yaml"
        with recording(
            path,
            Serializer(making, scrubber.leaks),
            scrub_request=scrubber.request,
            scrub_response=scrubber.response,
        ):
            yield Path(scratch)
        os.replace(path, path_of(name, folder))


@contextmanager
def _permits(access: Access) -> Iterator[SharedPermits]:
    """The permits that the user's crawls share, so that together they keep the rate."""
    assert access.permits_path is not None
    settings = PermitSettings(
        host=urlsplit(access.base_url).netloc.lower(),
        client_id=access.credentials.client_id,
        rate=DEFAULT_RATE,
        timeout=70.0,
    )
    with closing(SharedPermits(access.permits_path, settings)) as shared:
        yield shared
