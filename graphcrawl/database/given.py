"""What methods are given: values, or the same as people type it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

from graphcrawl.addresses import Named, parse_account, parse_sought

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphcrawl.graph.conditions import Filter
    from graphcrawl.model import AccountRef

One = TypeVar("One")

Asked = str | Named
"""An account that the database holds: ``nasa``, ``twitter:nasa``, or a value."""

Condition: TypeAlias = "str | Filter"
"""``network=instagram``, ``depth<=1``, ``followers>=10K``, ``tag=press``, ``topic=space``..."""


def named(account: Asked) -> Named:
    """Give an account as a value; raises InputError where a text names none."""
    return parse_sought(account) if isinstance(account, str) else account


def referred(account: str | AccountRef) -> AccountRef:
    """Give an account with its network; raises InputError where a text names none."""
    return parse_account(account) if isinstance(account, str) else account


def each(given: Iterable[One] | str) -> Iterable[One | str]:
    """Give what was given one by one; a text alone is one, and not its letters."""
    return (given,) if isinstance(given, str) else given


def conditions(filters: Iterable[Condition]) -> tuple[Filter, ...]:
    """Give filters as values; raises InputError where a text is none."""
    from graphcrawl.graph.conditions import parse_filter

    return tuple(parse_filter(one) if isinstance(one, str) else one for one in each(filters))
