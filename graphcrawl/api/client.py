"""The vendor's API, one attempt a call: retries, permits and waiting belong to the crawl."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlencode, urlsplit

from graphcrawl.api.address import DEFAULT_BASE_URL, next_url, parse_base_url
from graphcrawl.api.documents import TooDeep, decoded
from graphcrawl.api.exchange import Exchange, Reply, Route, Timeouts
from graphcrawl.api.faults import FOREIGN, translate
from graphcrawl.api.messages import about, one_line
from graphcrawl.api.payload import KnownRows, PlanInfo, parse_answer, parse_plan
from graphcrawl.api.refusals import refusal, vendor_error, without
from graphcrawl.errors import (
    BrokenAnswer,
    InvalidRequest,
    MissingCredentials,
    RedirectRefused,
    SettingsError,
    Unreachable,
    UnusableAnswer,
)
from graphcrawl.model import NETWORKS, AccountRef, Answer, Credentials

MAX_BYTES: Final = 20_000_000
"""Of an answer, after decompression; the documented sample has 2,000."""

MAX_REDIRECTS: Final = 3
"""Followed within one call."""

_CONNECTIONS: Final = "/api/method/auditor.reportConnections"
_PLAN: Final = "/api/method/auditor.planInfo/"
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_TIMEOUTS: Final = Timeouts()


class Client:
    """Asks the API, once a call; any number of threads may share one.

    Parameters
    ----------
    credentials : Credentials
        Sent as headers to the base URL's scheme, host and port, and to no other.
    base_url : str
        Scheme and host, maybe a port. Plain http only to this machine.
    timeout : Timeouts
        In seconds.
    pool_size : int
        Connections kept open: as many as there are threads that ask.
    version : str
        The API's version, as its parameter ``v``.
    max_bytes : int
        Of one answer, after decompression; a larger one is an `UnusableAnswer`.
    redirect_permit : callable
        Gives the context in which a redirect is followed: that is another request to the
        server, and the rate counts it.
    user_agent : str
        How we introduce ourselves.

    Raises
    ------
    MissingCredentials
        If the ID or the token is empty.
    SettingsError
        If the credentials hold what no header can carry, or the base URL, the environment's
        proxy or its CA bundle cannot be used.

    Notes
    -----
    Proxies (with NO_PROXY) and the CA bundle are read from the environment here, once. netrc is
    never read: it would add a header of its own.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        base_url: str = DEFAULT_BASE_URL,
        timeout: Timeouts = _TIMEOUTS,
        pool_size: int = 4,
        version: str = "2",
        max_bytes: int = MAX_BYTES,
        redirect_permit: Callable[[], AbstractContextManager[object]] = nullcontext,
        user_agent: str = "graphcrawl",
    ) -> None:
        _check_credentials(credentials)
        self._origin = parse_base_url(base_url)
        self._credentials = credentials
        self._version = version
        self._redirect_permit = redirect_permit
        self._route = Route.from_environment(self._origin)
        self._exchange = Exchange(
            self._origin,
            self._route,
            headers=_headers(credentials, user_agent),
            timeouts=timeout,
            pool_size=pool_size,
            max_bytes=max_bytes,
        )
        self._rows = KnownRows()
        self._closed = False

    @property
    def base_url(self) -> str:
        """Scheme, host and port of every request."""
        return str(self._origin)

    @property
    def host(self) -> str:
        """The base URL's host, without scheme and port."""
        return self._origin.host

    def ask(self, ref: AccountRef) -> Answer:
        """Ask for one account's connections: by ID where there is one, else by username.

        Parameters
        ----------
        ref : AccountRef
            Whom to ask for.

        Returns
        -------
        Answer
            The account's own row, if it came, and its connections.

        Raises
        ------
        AccessError
            If no account can be asked this way.
        AccountError
            If the answer is about this account, and would be the same again.
        TransientError
            If another attempt may fare better.
        """
        account = one_line(str(ref))
        query = _query(ref, self._version, account)
        document = self._document(f"{_CONNECTIONS}?{query}", account)
        return parse_answer(document, ref, self._rows)

    def plan(self) -> PlanInfo:
        """Ask what is left of the plan, which also proves the credentials.

        Raises
        ------
        ApiError
            As `ask` does, without an account.
        """
        query = urlencode({"v": self._version})
        return parse_plan(self._document(f"{_PLAN}?{query}", None))

    def close(self) -> None:
        """Close the connections; a request under way ends first, a later one is refused."""
        self._closed = True
        self._exchange.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Client of {self.base_url}>"

    def _document(self, path: str, account: str | None) -> object:
        """Return the decoded body of a 200 that is no error."""
        reply = self._reply(path, account)
        if reply.status == 200:
            document = _decoded(reply.body, account)
            if vendor_error(document) is None:
                return document
        else:
            document = _decoded_or_none(reply.body)
        raise refusal(reply, document, account=account, secret=self._credentials.token)

    def _reply(self, path: str, account: str | None) -> Reply:
        """Return the answer at the end of redirects, none of which leaves the origin."""
        for hop in range(MAX_REDIRECTS + 1):
            with self._redirect_permit() if hop else nullcontext():
                reply = self._attempt(path, account)
            location = reply.headers.get("Location")
            if reply.status not in _REDIRECTS or location is None:
                return reply
            path = self._followed(path, location, account)
        text = f"{self._origin.host} redirects without end: check HYPEAUDITOR_URL"
        raise RedirectRefused(about(account, text), account=account, status=reply.status)

    def _followed(self, path: str, location: str, account: str | None) -> str:
        """Return the path and query of the redirect's target, if the token may go there."""
        target, origin = next_url(f"{self.base_url}{path}", location)
        if origin == self._origin:
            parts = urlsplit(target)
            return f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        place = without(self._credentials.token, str(origin)) if origin else "an unreadable address"
        text = (
            f"{self.base_url} redirects to {place}, which must not see the token: "
            "if that is the API's address, set HYPEAUDITOR_URL to it"
        )
        raise RedirectRefused(about(account, text), account=account)

    def _attempt(self, path: str, account: str | None) -> Reply:
        if self._closed:
            raise Unreachable(about(account, "the client is closed"), account=account)
        try:
            return self._exchange.get(path)
        except FOREIGN as error:
            raise translate(
                error, host=self.host, proxy=self._route.proxy_host, account=account
            ) from error


def _check_credentials(credentials: Credentials) -> None:
    """Refuse what requests would refuse too, but by quoting it."""
    if not (credentials.client_id and credentials.token):
        raise MissingCredentials("no client ID or token: set HYPEAUDITOR_ID and HYPEAUDITOR_TOKEN")
    for name, value in (("ID", credentials.client_id), ("TOKEN", credentials.token)):
        if not value.isascii() or not value.isprintable() or " " in value:
            raise SettingsError(
                f"HYPEAUDITOR_{name} holds blanks or characters that no header can carry: "
                "copy it again"
            )


def _headers(credentials: Credentials, user_agent: str) -> dict[str, str]:
    return {
        "accept": "application/json",
        "accept-encoding": "gzip, deflate",
        "user-agent": user_agent,
        "x-auth-id": credentials.client_id,
        "x-auth-token": credentials.token,
    }


def _query(ref: AccountRef, version: str, account: str) -> str:
    """Write the parameters, or refuse where the API could not be asked at all."""
    network = ref.network.strip().lower()
    who = {"id": ref.social_id} if ref.social_id else {"username": (ref.username or "").lstrip("@")}
    if network not in NETWORKS:
        text = f"not asked: no network that the API knows ({', '.join(sorted(NETWORKS))})"
        raise InvalidRequest(about(account, text), account=account)
    try:
        return urlencode({**who, "type": network, "v": version})
    except UnicodeEncodeError as error:
        text = "not asked: a name that no request can carry"
        raise InvalidRequest(about(account, text), account=account) from error


def _decoded(body: bytes, account: str | None) -> object:
    """Decode a 200: what is no JSON was garbled on its way, what is too deep never will be."""
    try:
        return decoded(body)
    except TooDeep as error:
        text = "the answer cannot be used: nested too deep"
        raise UnusableAnswer(about(account, text), account=account, status=200) from error
    except ValueError as error:
        text = "the answer is not JSON: try again; if it stays so, check HYPEAUDITOR_URL"
        raise BrokenAnswer(about(account, text), account=account, status=200) from error


def _decoded_or_none(body: bytes) -> object:
    try:
        return decoded(body)
    except (ValueError, TooDeep):
        return None
