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
    open_for_reading,
)
from graphcrawl.store.opening import ensure_writable

_NOBODY: Final = Credentials("", "")
_TIMEOUTS: Final = Timeouts()


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
            yield _finding("access", lambda: _plan(settings, permits))
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


def _plan(settings: Settings, permits: Path) -> str:
    with (
        closing(_shared(settings, permits)) as shared,
        Client(settings.require_credentials(), base_url=settings.url) as client,
        shared.permit(StopSignal().wait),
    ):
        plan = client.plan()
    if plan.credits is None:
        return "the API answers"
    return f"the API answers; {plan.credits:,} report credits left (connections take none)"


def _database(settings: Settings) -> str:
    path = database_path(settings.db)
    access = _access(settings)
    if not path.exists():
        ensure_writable(path)
        return f"{path} will be made by the first crawl"
    with closing(open_for_reading(path)) as store:
        store.refuse_other(access.origin)
    ensure_writable(path)
    holds = "simulated data" if access.origin is Origin.SIMULATED else "the vendor's data"
    return f"{path} can be written and holds {holds}"
