"""Options that bound a run, and that say who is not asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from graphcrawl.addresses import parse_account, parse_network, read_seed_file
from graphcrawl.errors import InputError
from graphcrawl.filters import Filters, Order
from graphcrawl.model import AccountRef, ReportState

ALL: Final = "all"
NONE: Final = "none"

_MOST_DIGITS: Final = 12
_UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DURATION: Final = re.compile(r"(?:\d{1,9}(?:\.\d{1,9})?[smhd])+")
_PART: Final = re.compile(r"([\d.]+)([smhd])")

MaxRequests = Annotated[
    int | None,
    typer.Option(
        "--max-requests", metavar="N", help="End after so many requests, to be resumed (exit 5)."
    ),
]
MaxTime = Annotated[
    str | None,
    typer.Option(
        "--max-time",
        metavar="DURATION",
        help="End after so long, such as 90s, 30m, 2h or 1d, to be resumed (exit 5).",
    ),
]
MaxNodes = Annotated[
    str | None,
    typer.Option(
        "--max-nodes",
        metavar="N",
        help="Ask nobody once the crawl holds so many accounts, to be resumed (exit 5); all: no "
        "limit.",
    ),
]
MaxConnections = Annotated[
    str | None,
    typer.Option(
        "--max-connections",
        metavar="N",
        help="Keep the first N connections of each account; what is left out is marked. all: keep "
        "everything.",
    ),
]
Follow = Annotated[
    list[str] | None,
    typer.Option(
        "--follow",
        metavar="NETWORK",
        help="Ask only accounts on this network; repeatable. all: on every one.",
    ),
]
MinSubscribers = Annotated[
    int | None,
    typer.Option(
        "--min-subscribers",
        metavar="N",
        help="Do not ask accounts that are known to have fewer followers.",
    ),
]
SkipState = Annotated[
    list[str] | None,
    typer.Option(
        "--skip-state",
        metavar="STATE",
        help="Do not ask accounts whose report is in this state, such as NOT_READY; repeatable. "
        "none: skip no state.",
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="ACCOUNT|FILE",
        help="Do not ask this account, or those that a file lists; repeatable. none: exclude "
        "nobody.",
    ),
]
Complete = Annotated[
    bool | None,
    typer.Option(
        "--complete/--no-complete",
        help="At the end ask the outermost accounts too, and keep their connections to accounts "
        "that are already there.",
        show_default=False,
    ),
]
InOrder = Annotated[
    Order | None,
    typer.Option(
        "--order",
        case_sensitive=False,
        help="Whom to ask first within a depth: as discovered, the most followed, or those that "
        "most accounts list. Default: position.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True)
class Limits:
    """What these options ask for; None: as the crawl did before, or no limit.

    Bounds on requests and time are those of one run, so a further run begins without them.

    Attributes
    ----------
    max_requests : int or None
    max_time, max_nodes, max_connections : str or None
    follow, skip_state, exclude : sequence of str or None
    min_subscribers : int or None
    complete : bool or None
    order : Order or None
    """

    max_requests: int | None = None
    max_time: str | None = None
    max_nodes: str | None = None
    max_connections: str | None = None
    follow: Sequence[str] | None = None
    min_subscribers: int | None = None
    skip_state: Sequence[str] | None = None
    exclude: Sequence[str] | None = None
    complete: bool | None = None
    order: Order | None = None

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> Limits:
        """Collect them from a command's parameters, as Click has read them."""
        # A repeatable option that was not given is an empty tuple.
        named: dict[str, Any] = {one.name: params[one.name] for one in fields(cls)}
        given = {name: value for name, value in named.items() if value not in (None, ())}
        if "order" in given:
            given["order"] = Order(given["order"])
        return cls(**given)

    @property
    def bounds_a_run(self) -> bool:
        """Whether a run ends of itself before everything is seen."""
        return any(
            one not in (None, ALL) for one in (self.max_requests, self.max_time, self.max_nodes)
        )

    def seconds(self) -> float | None:
        """Give the bound on the time of a run.

        Raises
        ------
        InputError
        """
        return None if self.max_time is None else parse_duration(self.max_time, option="--max-time")

    def most_nodes(self, before: int | None = None) -> int | None:
        """Give the bound on accounts.

        Raises
        ------
        InputError
        """
        return parse_most(self.max_nodes, before, option="--max-nodes")

    def filters(self, before: Filters, *, network: str | None = None) -> Filters:
        """Combine what was asked for with what the crawl had before.

        Parameters
        ----------
        network : str or None
            Of accounts that do not say it themselves.

        Raises
        ------
        InputError
        """
        return Filters(
            follow=before.follow if self.follow is None else _networks(self.follow),
            min_subscribers=(
                before.min_subscribers if self.min_subscribers is None else self.min_subscribers
            ),
            skip_states=(
                before.skip_states if self.skip_state is None else _states(self.skip_state)
            ),
            exclude=before.exclude if self.exclude is None else _accounts(self.exclude, network),
            max_connections=parse_most(
                self.max_connections, before.max_connections, option="--max-connections"
            ),
            complete=before.complete if self.complete is None else self.complete,
            order=self.order or before.order,
        )


def parse_duration(text: str, *, option: str) -> float:
    """Read a length of time: numbers with the units s, m, h or d, such as ``1h30m``.

    Returns
    -------
    float
        Seconds, more than 0.

    Raises
    ------
    InputError
    """
    plain = text.strip().casefold()
    if not _DURATION.fullmatch(plain):
        raise InputError(f"{option} {text!r}: give a time such as 90s, 30m, 2h or 1d")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(plain))
    if not seconds > 0:
        raise InputError(f"{option} {text!r}: give more than no time")
    return seconds


def parse_most(text: str | None, before: int | None, *, option: str) -> int | None:
    """Read a bound: a positive number, or ``all`` (None); not given, it stays as it was.

    Raises
    ------
    InputError
    """
    if text is None:
        return before
    digits = text.strip()
    if digits.casefold() == ALL:
        return None
    if not (digits.isascii() and digits.isdecimal() and 0 < len(digits) < _MOST_DIGITS):
        raise InputError(f"{option} {text!r}: give a positive number, or all")
    if not int(digits):
        raise InputError(f"{option} 0: give a positive number, or all for no limit")
    return int(digits)


def _networks(texts: Sequence[str]) -> tuple[str, ...]:
    if _is_only(texts, ALL, option="--follow"):
        return ()
    return tuple(sorted({parse_network(text) for text in texts}))


def _states(texts: Sequence[str]) -> tuple[str, ...]:
    if _is_only(texts, NONE, option="--skip-state"):
        return ()
    return tuple(sorted({_state(text) for text in texts}))


def _state(text: str) -> str:
    name = text.strip().upper().replace("-", "_")
    if name not in set(ReportState):
        states = ", ".join(state.value for state in ReportState)
        raise InputError(f"--skip-state {text!r}: there are {states}")
    return name.casefold()


def _accounts(texts: Sequence[str], network: str | None) -> tuple[AccountRef, ...]:
    if _is_only(texts, NONE, option="--exclude"):
        return ()
    refs = [ref for text in texts for ref in _listed(text, network)]
    return tuple(dict.fromkeys(refs))


def _listed(text: str, network: str | None) -> list[AccountRef]:
    """Read an account, or the accounts that a file lists; with an ``@`` it is no file."""
    if text == "-" or (not text.startswith("@") and _is_file(text)):
        return read_seed_file(text, network=network)
    return [parse_account(text, network=network)]


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False


def _is_only(texts: Sequence[str], word: str, *, option: str) -> bool:
    """Tell whether an option was given only to take back what it said before."""
    plain = [text.strip().casefold() for text in texts]
    if word in plain and len(plain) > 1:
        raise InputError(f"{option} {word}: give it alone")
    return plain == [word]
