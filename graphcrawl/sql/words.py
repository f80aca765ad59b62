"""What a shell offers to complete: names, IDs and crawls of a database, found by its indexes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from graphcrawl.sql.query import Row, run_query

SECONDS: Final = 0.2
"""How long a shell may wait for the database."""

OFFERED: Final = 50
"""Names offered at once; a shell asks back beyond about a hundred."""

_AFTER: Final = "\U0010ffff"

# A shell takes apart, expands or runs other characters, and a terminal obeys some.
_HARMLESS: Final = re.compile(r"[\w.\-]{1,100}")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_STATUSES: Final = ("running", "interrupted", "complete", "failed")

_CRAWLS: Final = "SELECT id, status, started_at FROM crawls ORDER BY id DESC LIMIT 100"


# From each network to the next by the index: as fast for millions of accounts.
_NETWORKS: Final = """
WITH RECURSIVE held (network) AS (
  SELECT min(network) FROM nodes
  UNION ALL
  SELECT (SELECT min(network) FROM nodes WHERE network > held.network)
  FROM held WHERE network IS NOT NULL
)
SELECT network FROM held WHERE network IS NOT NULL LIMIT 50
"""


class CrawlWord(NamedTuple):
    """A crawl's number, and what there is to say of it."""

    number: int
    told: str


def names_beginning(path: Path, network: str, beginning: str) -> list[str]:
    """Give usernames of a network that begin with some text, whatever its case.

    Of too many both ends of the alphabet are given, so that what they all begin with is what all
    of the database's begin with: a shell types that by itself. Names that a shell or a terminal
    could take for something else are left out.

    Raises
    ------
    GraphcrawlError
        If the file is none that can be read.
    """
    return _range(path, "name_key", "username", network, beginning.casefold())


def ids_beginning(path: Path, network: str, beginning: str) -> list[str]:
    """Give report IDs of a network, as `names_beginning` gives usernames."""
    return _range(path, "social_id", "social_id", network, beginning)


def _range(path: Path, key: str, shown: str, network: str, beginning: str) -> list[str]:
    first, last = (
        _ask(
            path,
            statement(key, shown, order),
            {"network": network, "first": beginning, "after": beginning + _AFTER},
        )
        for order in ("ASC", "DESC")
    )
    names = list(dict.fromkeys((*_harmless(first), *reversed(list(_harmless(last))))))
    half = OFFERED // 2
    return names if len(names) <= OFFERED else [*names[:half], *names[-half:]]


def statement(key: str, shown: str, order: str) -> str:
    """Give the statement for one end of a range of names; both columns lead an index."""
    return (
        f"SELECT {shown} FROM nodes WHERE network = :network AND {key} >= :first "  # noqa: S608
        f"AND {key} < :after ORDER BY {key} {order} LIMIT {OFFERED}"
    )


def _harmless(rows: Sequence[Row]) -> Iterator[str]:
    for (name,) in rows:
        if isinstance(name, str) and _HARMLESS.fullmatch(name):
            yield name


def networks_held(path: Path) -> list[str]:
    """Give the networks that there are accounts of; they may be others than the six.

    Raises
    ------
    GraphcrawlError
        If the file is none that can be read.
    """
    return list(_harmless(_ask(path, _NETWORKS, {})))


def crawl_words(path: Path) -> list[CrawlWord]:
    """Give the newest crawls, with their status and day.

    Raises
    ------
    GraphcrawlError
        If the file is none that can be read.
    """
    return [
        CrawlWord(number, _told(status, started_at))
        for number, status, started_at in _ask(path, _CRAWLS, {})
        if isinstance(number, int)
    ]


def _told(status: object, started_at: object) -> str:
    day = _DATE.match(str(started_at))
    return " ".join([str(status)] * (status in _STATUSES) + ([day[0]] if day else []))


def _ask(path: Path, sql: str, values: dict[str, object]) -> list[Row]:
    with run_query(path, sql, parameters=values, timeout=SECONDS) as result:
        return list(result)
