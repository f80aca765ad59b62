"""What is wrong with credentials, access and database, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphcrawl.api import Client, Timeouts, parse_base_url
from graphcrawl.crawl import StopSignal
from graphcrawl.errors import GraphcrawlError, StoreError
from graphcrawl.model import Credentials, Origin
from graphcrawl.runs import DEFAULT_RATE, Access, server_of
from graphcrawl.settings import Settings
from graphcrawl.store import (
    PermitSettings,
    SharedPermits,
    database_path,
)
from graphcrawl.store.opening import ensure_writable, open_as_it_is, origin_held

_NOBODY: Final = Credentials("", "")
_TIMEOUTS: Final = Timeouts(connect=10.0, read=15.0, whole=20.0)
"""Shorter than a crawl's: whoever waits for this is a person."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    check : str
        What was looked at.
    error : GraphcrawlError or None
        What is wrong; None: nothing.
    detail : str
        What was found, or what is wrong and what to do.
    """

    check: str
    error: GraphcrawlError | None
    detail: str


def diagnose(settings: Settings, permits: Path) -> Iterator[Finding]:
    """Look at everything that a crawl needs; one request is sent, for the plan.

    Parameters
    ----------
    settings : Settings
    permits : Path
        The file of permits.

    Yields
    ------
    Finding
        In the order in which a crawl would meet them.
    """
    address = _finding("address", lambda: _address(settings))
    credentials = _finding("credentials", lambda: _credentials(settings))
    yield address
    yield credentials
    if address.error is None:
        shared = _finding("permits", lambda: _permits(settings, permits))
        yield shared
        if credentials.error is None and shared.error is None:
            yield _finding("access", lambda: plan_of(settings, permits))
        yield _finding("database", lambda: _database(settings))


def _finding(check: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(check, None, look())
    except GraphcrawlError as error:
        return Finding(check, error, str(error))
    except OSError as error:
        words = f"{error.filename or check}: {error.strerror or error}; check its permissions"
        return Finding(check, StoreError(words), words)


def _address(settings: Settings) -> str:
    address = parse_base_url(settings.url)
    by_vendor = _access(settings).origin is Origin.VENDOR
    kind = "the vendor" if by_vendor else "stands in for the vendor: simulated"
    return f"{address} ({kind}; from {settings.origins['url']})"


def _access(settings: Settings) -> Access:
    return Access(settings.url, settings.credentials or _NOBODY, None)


def _credentials(settings: Settings) -> str:
    settings.require_credentials()
    return f"ID from {settings.origins['client_id']}, token from {settings.origins['token']}"


def _shared(settings: Settings, permits: Path) -> SharedPermits:
    return SharedPermits(
        permits,
        PermitSettings(
            host=server_of(settings.url),
            client_id=settings.client_id or "",
            rate=DEFAULT_RATE,
            timeout=_TIMEOUTS.connect + _TIMEOUTS.whole,
        ),
    )


def _permits(settings: Settings, permits: Path) -> str:
    _shared(settings, permits).close()
    return str(permits)


def plan_of(settings: Settings, permits: Path) -> str:
    """Ask the API what is left of the plan, which proves credentials and access.

    Returns
    -------
    str
        What it said, for people.

    Raises
    ------
    ApiError
        If it refused, or did not answer.
    SettingsError
        If the address cannot be used.
    StoreError
        If no permit can be had.
    """
    with (
        closing(_shared(settings, permits)) as shared,
        Client(settings.require_credentials(), base_url=settings.url, timeout=_TIMEOUTS) as client,
        shared.permit(StopSignal().wait),
    ):
        plan = client.plan()
    if plan.credits is None:
        return "the API answers"
    return f"the API answers; {plan.credits:,} report credits left (connections take none)"


def _database(settings: Settings) -> str:
    path = database_path(settings.db)
    access = _access(settings)
    if origin_held(path) is None:
        ensure_writable(path)
        return f"{path} will be made by the first crawl"
    store, is_current = open_as_it_is(path)
    store.close()
    store.refuse_other(access.origin)
    ensure_writable(path)
    holds = "simulated data" if access.origin is Origin.SIMULATED else "the vendor's data"
    old = "" if is_current else "; made by an earlier graphcrawl: the next command updates it"
    return f"{path} can be written and holds {holds}{old}"
