"""The vendor's JSON to frozen values: pure, by hand, and forgiving wherever nothing is promised.

Written by hand because nearly every rule is about what to do with a value that does *not* fit:
50 rows take 0.14 ms, 0.05 of it for making 50 frozen accounts; pydantic with the same rules
as validators takes 0.19 ms, and 0.09 s to import.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from sys import getsizeof
from typing import Final

from graphcrawl.api.messages import about, one_line
from graphcrawl.errors import UnusableAnswer
from graphcrawl.model import NETWORKS, WITHOUT_ENGAGEMENT, Account, AccountRef, Answer, ReportState
from graphcrawl.wording import storable

MAX_NAME: Final = 512
"""Characters of an ID, username, network or state; a longer one is no name."""

MAX_TITLE: Final = 10_000
"""Characters kept of a title."""

MAX_AVATAR_URL: Final = 4_096
"""Characters of an avatar's address; half an address is of no use, so a longer one is dropped."""

MAX_SKIPPED: Final = 1_000
"""Rows named one by one among those that cannot be used; the rest is counted in one line."""

MOST_KNOWN_ROWS: Final = 20_000
"""Rows that are remembered (about 20 MB); then it starts anew."""

_LARGEST_KNOWN: Final = 4_000
"""Bytes that the names and values of a row that is remembered take: texts, and whole numbers,
which may have thousands of digits."""

_CONTAINERS: Final = frozenset({dict, list})
_MAX_COUNT: Final = 2**63 - 1
_EXACT_FLOAT: Final = 2**53
_MAX_ID_BITS: Final = 1_700
_MAX_DIGITS: Final = 64
_COUNT: Final = re.compile(r"\+?(\d+|\d{1,3}(?:[,_' \u00a0\u2009\u202f\u2019]\d{3})+)(?:\.0*)?")
_NOT_DIGIT: Final = re.compile(r"\D")
_KNOWN_NETWORKS: Final = {name: name for name in NETWORKS}
_KNOWN_STATES: Final = {state.value: state.value for state in ReportState}


@dataclass(frozen=True, slots=True)
class PlanInfo:
    """What the vendor says is left of a plan.

    Attributes
    ----------
    plan : str or None
        Name of the reports plan.
    credits : int or None
        Report credits left; reportConnections takes none.
    discovery_plan : str or None
        Name of the discovery plan.
    discovery_requests : int or None
        Discovery requests left.
    """

    plan: str | None = None
    credits: int | None = None
    discovery_plan: str | None = None
    discovery_requests: int | None = None


class KnownRows:
    """Accounts by the rows that they were read from.

    Most rows of an answer came in others before, word for word: to compare such a row with the
    last one of its ID takes 1 µs, to read it anew more than 2. Any number of threads may use it.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[dict[str, object], list[object], Account]] = {}

    def account(self, row: object) -> Account | str:
        """One row, or why it cannot be used."""
        if not isinstance(row, dict) or type(social_id := row.get("social_id")) is not str:
            return _account(row)
        types = [*row, *map(type, row.values())]
        last = self._last.get(social_id)
        # With the types, and whose they are: 1, 1.0 and true are equal, and are not read alike.
        if last is not None and last[0] == row and last[1] == types:
            return last[2]
        account = _account(row)
        if isinstance(account, Account) and _is_short(row):
            if len(self._last) >= MOST_KNOWN_ROWS:
                self._last.clear()
            self._last[social_id] = (row, types, account)
        return account


def _is_short(row: dict[str, object]) -> bool:
    """Tell whether a row is like the documented ones: an answer may also bring megabytes of it."""
    if not _CONTAINERS.isdisjoint(map(type, row.values())):
        return False
    return sum(map(getsizeof, (*row, *row.values()))) <= _LARGEST_KNOWN


def parse_answer(document: object, asked: AccountRef, known: KnownRows | None = None) -> Answer:
    """Read an answer of reportConnections.

    Parameters
    ----------
    document : object
        The decoded JSON.
    asked : AccountRef
        Whom the answer was asked for. With a `social_id` only the ID decides which row is the
        account's own; otherwise the username does, case folded.
    known : KnownRows or None
        Rows of earlier answers, which those of this one join.

    Returns
    -------
    Answer
        The own row apart, connections in the answer's order, repetitions left out, unusable
        rows named in `skipped`.

    Raises
    ------
    UnusableAnswer
        If there is no list of rows; the message says where.
    """
    rows = _rows(document, asked)
    is_own = _own_row_test(asked)
    own: Account | None = None
    connections: dict[tuple[str, str], Account] = {}
    skipped: list[str] = []
    read = _account if known is None else known.account
    for index, row in enumerate(rows):
        account = read(row)
        if isinstance(account, str):
            skipped.append(f"result[{index}]: {account}")
        elif own is None and is_own(account):
            own = account
        else:
            connections.setdefault((account.network, account.social_id), account)
    if own is not None:
        connections.pop((own.network, own.social_id), None)
    return Answer(own=own, connections=tuple(connections.values()), skipped=_bounded(skipped))


def parse_plan(document: object) -> PlanInfo:
    """Read an answer of planInfo; whatever is missing is None.

    Raises
    ------
    UnusableAnswer
        If there is no ``result`` object.
    """
    result = _member(document, "result", None)
    if not isinstance(result, dict):
        raise UnusableAnswer(f"the answer cannot be used: result is {_kind(result)}, not an object")
    reports = _object(result.get("reports"))
    discovery = _object(result.get("discovery"))
    return PlanInfo(
        plan=_name(reports.get("plan")),
        credits=_count(reports.get("credits")),
        discovery_plan=_name(discovery.get("plan")),
        discovery_requests=_count(discovery.get("requests")),
    )


def _rows(document: object, asked: AccountRef) -> list[object]:
    """Find the list under ``result``, or say what stands there instead."""
    if isinstance(document, dict) and isinstance(result := document.get("result"), list):
        return result
    who = one_line(str(asked))
    result = _member(document, "result", who)
    text = f"the answer cannot be used: result is {_kind(result)}, not a list"
    raise UnusableAnswer(about(who, text), account=who)


def _member(document: object, key: str, who: str | None) -> object:
    if not isinstance(document, dict):
        text = f"the answer cannot be used: it is {_kind(document)}, not an object"
        raise UnusableAnswer(about(who, text), account=who)
    if key not in document:
        raise UnusableAnswer(about(who, f"the answer cannot be used: no {key}"), account=who)
    return document[key]


def _kind(value: object) -> str:
    """Name a value by its JSON type; its content stays out of messages."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    if value is None:
        return "null"
    return names.get(type(value), "a number")


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _own_row_test(asked: AccountRef) -> Callable[[Account], bool]:
    """Tell the asked account's own row: by ID when asked by ID, else by name."""
    network = asked.network.strip().lower()
    if asked.social_id:
        social_id = _name(asked.social_id)
        return lambda row: row.social_id == social_id and row.network == network
    name = (_username(asked.username) or "").casefold()
    return lambda row: (
        row.network == network and row.username is not None and row.username.casefold() == name
    )


def _account(row: object) -> Account | str:
    """One row, or why it cannot be used."""
    if not isinstance(row, dict):
        return "not an object"
    get = row.get
    network = _KNOWN_NETWORKS.get(raw) if isinstance(raw := get("type"), str) else None
    if network is None and (network := _name(raw)) is None:
        return _lack("type", raw)
    network = network.lower()
    if (social_id := _name(raw := get("social_id"))) is None:
        return _lack("social_id", raw)
    er = _rate(get("er"))
    return Account(
        network=network,
        social_id=social_id,
        username=_username(get("username")),
        title=_title(get("title")),
        avatar_url=_avatar_url(get("avatar_url")),
        subscribers_count=_count(get("subscribers_count")),
        er=er if er or network not in WITHOUT_ENGAGEMENT else None,
        state=_state(get("state")),
    )


def _lack(field: str, value: object) -> str:
    """Why a row has no `field`: it is not there, or it cannot serve."""
    absent = value is None or (isinstance(value, str) and not value.strip())
    return f"no {field}" if absent else f"unusable {field}"


def _written(value: object) -> str | None:
    """Take a string as it came, an exact whole number in digits, anything else as nothing."""
    if isinstance(value, str):
        return storable(value)
    if type(value) is float and value.is_integer() and abs(value) <= _EXACT_FLOAT:
        return str(int(value))
    # str() refuses integers of thousands of digits; far shorter ones are no names either.
    if type(value) is int and value.bit_length() <= _MAX_ID_BITS:
        return str(value)
    return None


def _name(value: object) -> str | None:
    # Names of letters and digits are nearly all there are, and need no further look.
    if type(value) is str and value.isalnum() and len(value) <= MAX_NAME:
        return value
    if (text := _written(value)) is None:
        return None
    text = text.strip()
    return text if 0 < len(text) <= MAX_NAME else None


def _username(value: object) -> str | None:
    """Drop a leading ``@``; half a name would be another one, so none is cut."""
    if (text := _name(value)) is None:
        return None
    return text.lstrip("@").strip() or None if text[0] == "@" else text


def _title(value: object) -> str | None:
    text = storable(value) if type(value) is str else _written(value)
    return text if text is None or len(text) <= MAX_TITLE else text[:MAX_TITLE]


def _avatar_url(value: object) -> str | None:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_AVATAR_URL:
        return None
    return storable(value)


def _state(value: object) -> str | None:
    """Keep the state as it came: the vendor may add one."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_NAME:
        return None
    return _KNOWN_STATES.get(value) or storable(value)


def _count(value: object) -> int | None:
    """Read a number of followers: not negative, nor more than a database's integer holds."""
    if type(value) is int:
        number = value
    elif type(value) is float and value.is_integer():
        number = int(value)
    elif isinstance(value, str) and len(value) <= _MAX_DIGITS:
        return _count_in_words(value)
    else:
        return None
    return number if 0 <= number <= _MAX_COUNT else None


def _count_in_words(text: str) -> int | None:
    """Read ``96,809,672``, ``96 809 672`` or ``96809672.0``; ``1.234`` could mean two things."""
    match = _COUNT.fullmatch(text.strip())
    if match is None:
        return None
    number = int(_NOT_DIGIT.sub("", match[1]))
    return number if number <= _MAX_COUNT else None


def _rate(value: object) -> float | None:
    if type(value) is float:
        return value if isfinite(value) else None
    if type(value) is not int and not isinstance(value, str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def _bounded(lines: list[str]) -> tuple[str, ...]:
    """Name the first unusable rows and count the rest: an answer may hold millions."""
    more = len(lines) - MAX_SKIPPED
    if more <= 0:
        return tuple(lines)
    return (*lines[:MAX_SKIPPED], f"result: {more} more rows that cannot be used")
