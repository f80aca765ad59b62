"""Whom to ask, and how, where nothing else is said: the vendor, or the built-in simulator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from graphcrawl.filters import Filters
from graphcrawl.model import Credentials
from graphcrawl.moments import parse_age
from graphcrawl.runs import DEFAULT_RATE, DEFAULT_WORKERS, Access, CrawlOptions
from graphcrawl.settings import Settings

PERMITS: Final = "permits.db"
"""In the user's state folder: what all crawls of one user count their requests in."""


def vendor(settings: Settings) -> Access:
    """Give the way to the vendor, or to what stands in for it.

    Parameters
    ----------
    settings : Settings

    Raises
    ------
    MissingCredentials
        If there is no client ID or no token.
    SettingsError
        If the token is not for the address.
    """
    permits = settings.state_dir / PERMITS
    return Access(settings.url, settings.require_credentials(), permits)


@contextmanager
def simulated(settings: Settings, *, day: int = 0, pictures: bool = False) -> Iterator[Access]:
    """Serve the simulator's small world for this long, and give the way to it.

    Parameters
    ----------
    settings : Settings
    day : int
        Of its world, 0 or more.
    pictures : bool
        Whether its accounts have pictures.

    Raises
    ------
    SettingsError
        If the day is below 0.
    """
    from graphcrawl.simulator import Simulator, open_world

    with Simulator(open_world(day=day), pictures=pictures) as server:
        permits = settings.state_dir / PERMITS
        yield Access(server.url, Credentials("demo", "demo"), permits, demo=True)


def usual_options(access: Access) -> CrawlOptions:
    """Give the options of a new crawl: the simulator keeps no rate of itself."""
    return CrawlOptions(rate=0) if access.demo else CrawlOptions()


def options_again(settings: Mapping[str, Any]) -> CrawlOptions:
    """Give the options that a crawl had, without bounds on requests and time.

    Parameters
    ----------
    settings : mapping
        As `CrawlRecord.settings` has them.

    Raises
    ------
    InputError
        If they are none that a crawl can have.
    """
    age = settings.get("max_age")
    return CrawlOptions(
        depth=settings.get("depth"),
        rate=settings.get("rate", DEFAULT_RATE),
        workers=settings.get("workers", DEFAULT_WORKERS),
        max_nodes=settings.get("max_nodes"),
        filters=Filters.of(settings),
        avatars=bool(settings.get("avatars")),
        max_age=None if age is None else parse_age(age, option="--max-age"),
    )
