"""Which failed accounts are asked again, by the cause of their failure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

TRANSIENT: Final = (
    "rate-limited",
    "pending",
    "server-fault",
    "broken-answer",
    "timeout",
    "unreachable",
)
"""Causes of failure that going on with a crawl asks about again."""

ANSWERS: Final = ("not-found", "private")
"""Causes of failure by which the vendor answered: there is no report, or none to be seen."""


class Retry(StrEnum):
    """Which failed accounts are asked again: those whose retries were used up, or more."""

    USED_UP = "used-up"
    UNANSWERED = "unanswered"
    ALL = "all"


def is_retried(cause: str | None, retry: Retry) -> bool:
    """Tell whether an account that failed for a cause is asked again."""
    if retry is Retry.USED_UP:
        return cause in TRANSIENT
    return retry is Retry.ALL or cause not in ANSWERS
