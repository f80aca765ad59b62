"""What the API answers: who may ask, how often, with which parameters, and what a world says."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from dataclasses import replace
from itertools import count
from threading import Lock
from typing import Final
from urllib.parse import parse_qsl

from graphcrawl.model import NETWORKS, Account, AccountRef
from graphcrawl.simulator.exchange import (
    Delivery,
    Request,
    Response,
    accounts_response,
    error_response,
    html_response,
    json_response,
)
from graphcrawl.simulator.faults import FaultKind, Faults, Limit, SlidingWindow
from graphcrawl.simulator.ledger import Ledger, RequestRecord
from graphcrawl.simulator.manners import Access, Manners, OwnRow
from graphcrawl.simulator.portraits import portrait_response, with_portrait_at
from graphcrawl.simulator.world import AVATAR_PATH, NoReport, Report, Withheld, World

CONNECTIONS_PATH: Final = "/api/method/auditor.reportConnections"
PLAN_PATH: Final = "/api/method/auditor.planInfo"

_PARAMETERS: Final = frozenset({"username", "id", "user_id", "type", "v"})
_MOST_PARAMETERS: Final = 16
_VERSION: Final = "2"
_PLAN: Final = {
    "result": {
        "reports": {"plan": "basic", "credits": 10123},
        "discovery": {"plan": "all", "requests": 89936},
    }
}
_PRIVATE_CODE: Final = 403
"""The documentation gives no code for private accounts, but that it is not 4."""

_PENDING_KEPT: Final = 100_000


class Desk:
    """Answer requests about one world, and remember them; safe to share between threads.

    Parameters
    ----------
    world : World
        Whom the API knows.
    manners : Manners
        How it behaves.
    """

    def __init__(self, world: World, manners: Manners) -> None:
        self.ledger = Ledger(manners.log_size)
        self._world = world
        self._manners = manners
        self._gate = _Gate(manners.access, manners.limit)
        self._numbers = count()
        self._waiting = _Waiting()

    def answer(self, request: Request, now: float) -> Response:
        """Answer a request, and note it.

        Parameters
        ----------
        request : Request
            Of any method and path.
        now : float
            Seconds on the monotonic clock when it arrived.

        Returns
        -------
        Response
            Says also how it is to reach the client, if at all.
        """
        if self._manners.pictures and request.target.startswith(AVATAR_PATH):
            return portrait_response(request.target)
        path, _, query = request.target.partition("?")
        path = path.rstrip("/")
        asked = parse_asked(query) if path == CONNECTIONS_PATH else None
        fault, social_id = None, None
        response = _misdirected(request, path) or self._gate.refusal(request.headers, now)
        if response is None:
            # next() on itertools.count is one step under the interpreter's lock.
            fault = self._manners.faults.choose(next(self._numbers))
            response = _instead(fault, self._manners.faults)
        if response is None:
            response, social_id = self._content(path, asked, request.headers.get("host"))
        if fault is FaultKind.CUT:
            response = replace(response, delivery=Delivery.CUT)
        self._note(now, response, asked, social_id, fault)
        return response

    def _content(
        self, path: str, asked: AccountRef | None, host: str | None
    ) -> tuple[Response, str | None]:
        if path == PLAN_PATH:
            return json_response(200, _PLAN), None
        if asked is None:
            return error_response(400, 8, "Invalid request"), None
        match self._world.look_up(asked):
            case NoReport():
                return error_response(404, 16, "Object not found"), None
            case Withheld(description):
                return error_response(403, _PRIVATE_CODE, description), None
            case Report() as report:
                return self._report(report, host), report.own.social_id

    def _report(self, report: Report, host: str | None) -> Response:
        if report.pending and self._waiting.still(report):
            return _pending(self._manners.faults)
        accounts = _ordered(report, self._manners.own_row)
        if self._manners.pictures and host:
            accounts = tuple(with_portrait_at(host, account) for account in accounts)
        return accounts_response(accounts)

    def _note(
        self,
        now: float,
        response: Response,
        asked: AccountRef | None,
        social_id: str | None,
        fault: FaultKind | None,
    ) -> None:
        self.ledger.note(
            RequestRecord(
                time=now,
                status=response.status,
                network=asked.network if asked else "",
                asked=(asked.social_id or asked.username or "") if asked else "",
                social_id=social_id,
                fault=fault,
            )
        )


def parse_asked(query: str) -> AccountRef | None:
    """Read whom a query asks for; None when it is not a valid request.

    Parameters
    ----------
    query : str
        ``username`` or ``id`` (also ``user_id``), ``type``, and perhaps ``v``; ``id`` wins.
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return None
    given = dict(pairs)
    network = given.get("type", "")
    if not given.keys() <= _PARAMETERS or network not in NETWORKS:
        return None
    social_id, username = given.get("id") or given.get("user_id"), given.get("username")
    if given.get("v", _VERSION) != _VERSION or not (social_id or username):
        return None
    return AccountRef(network, username or None, social_id or None)


class _Gate:
    """Refuse clients that may not ask, or that ask too often."""

    def __init__(self, access: Access, limit: Limit | None) -> None:
        self._access = access
        self._window = SlidingWindow(limit) if limit else None
        self._tells_wait = limit is not None and limit.retry_after
        self._lock = Lock()

    def refusal(self, headers: dict[str, str], now: float) -> Response | None:
        client_id, token = headers.get("x-auth-id", ""), headers.get("x-auth-token", "")
        access = self._access
        if not (_fits(client_id, access.client_id) and _fits(token, access.token)):
            return error_response(403, 4, "Invalid token")
        if not access.granted:
            return error_response(402, 27, "No API access")
        return self._over_limit(now)

    def _over_limit(self, now: float) -> Response | None:
        if self._window is None:
            return None
        with self._lock:
            wait = self._window.admit(now)
        if wait is None:
            return None
        return _too_many(wait if self._tells_wait else None)


class _Waiting:
    """Count the requests for reports that are being made; the longest unasked are forgotten."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: OrderedDict[tuple[str, str], int] = OrderedDict()

    def still(self, report: Report) -> bool:
        """Count one more request, and tell whether the report is still being made."""
        key = (report.own.network, report.own.social_id)
        with self._lock:
            asked = self._asked.get(key, 0) + 1
            self._asked[key] = min(asked, report.pending + 1)
            self._asked.move_to_end(key)
            if len(self._asked) > _PENDING_KEPT:
                self._asked.popitem(last=False)
        return asked <= report.pending


def _misdirected(request: Request, path: str) -> Response | None:
    if path not in (CONNECTIONS_PATH, PLAN_PATH):
        return error_response(404, 404, "Not Found")
    if request.method != "GET":
        return error_response(405, 405, "Method Not Allowed", ("Allow", "GET"))
    return None


def _fits(given: str, expected: str | None) -> bool:
    if expected is None:
        return bool(given)
    return hmac.compare_digest(given.encode(), expected.encode())


def _ordered(report: Report, own_row: OwnRow) -> tuple[Account, ...]:
    if own_row is OwnRow.NEVER:
        return report.connections
    if own_row is OwnRow.LAST:
        return (*report.connections, report.own)
    return (report.own, *report.connections)


def _instead(fault: FaultKind | None, faults: Faults) -> Response | None:
    """Return what a fault puts in the place of an answer; None when it leaves the answer."""
    match fault:
        case FaultKind.TOO_MANY:
            return _too_many(None)
        case FaultKind.TOO_MANY_WAIT:
            return _too_many(faults.retry_after)
        case FaultKind.SERVER_ERROR:
            return error_response(500, 500, "Internal Server Error")
        case FaultKind.BAD_GATEWAY:
            return html_response(502)
        case FaultKind.PENDING:
            return _pending(faults)
        case FaultKind.RESET:
            return Response(0, b"", delivery=Delivery.RESET)
        case FaultKind.HANG:
            return Response(0, b"", delivery=Delivery.HANG)
        case _:
            return None


def _too_many(wait: int | None) -> Response:
    headers = () if wait is None else (("Retry-After", str(wait)),)
    return error_response(429, 429, "Too Many Requests", *headers)


def _pending(faults: Faults) -> Response:
    return json_response(202, {"result": {"retry": faults.retry_after}})
