"""What people type for a moment or an age: ``2026-01-31``, ``2026-01-31T12:00``, ``30d``."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Final

from graphcrawl.errors import InputError
from graphcrawl.wording import printable

_AGE: Final = re.compile(r"([0-9]{1,6})([hdw])", re.IGNORECASE)
_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_OLDEST: Final = timedelta(days=36_500)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_SHOWN: Final = 60
_EARLIEST_ZONE: Final = timedelta(hours=14)
"""By how much the clocks of the Line Islands, which see each day first, are ahead of UTC."""


def parse_age(text: str, *, option: str) -> timedelta:
    """Read an age in hours, days or weeks.

    Parameters
    ----------
    text : str
        ``12h``, ``30d`` or ``2w``; from an hour to 100 years.
    option : str
        What it was given for, to say so in an error.

    Raises
    ------
    InputError

    Examples
    --------
    >>> parse_age("2w", option="--max-age").days
    14
    """
    found = _AGE.fullmatch(text.strip())
    age = int(found[1]) * _UNITS[found[2].casefold()] if found else timedelta(0)
    if not timedelta(0) < age <= _OLDEST:
        raise InputError(
            f"{option} {printable(text, _LONGEST_SHOWN)!r}: give hours, days or weeks up to "
            "100 years, such as 12h, 30d or 2w"
        )
    return age


def age_text(age: timedelta) -> str:
    """Write an age of whole hours as `parse_age` reads it.

    Examples
    --------
    >>> age_text(timedelta(weeks=2)), age_text(timedelta(hours=36))
    ('14d', '36h')
    """
    hours = age // _UNITS["h"]
    return f"{hours // 24}d" if hours % 24 == 0 else f"{hours}h"


def parse_moment(text: str, *, option: str) -> datetime:
    """Read a date, which means the end of that day, or a date with a time; UTC unless it says so.

    Parameters
    ----------
    text : str
        ``2026-01-31``, ``2026-01-31T12:00``, ``2026-01-31T12:00:00+02:00``.
    option : str
        What it was given for, to say so in an error.

    Raises
    ------
    InputError

    Examples
    --------
    >>> parse_moment("2026-01-31T12:00+02:00", option="--at").isoformat()
    '2026-01-31T10:00:00+00:00'
    """
    plain = text.strip()
    try:
        if not _DATE.match(plain):
            raise ValueError
        if _DATE.fullmatch(plain):
            return datetime.combine(datetime.fromisoformat(plain), time.max, UTC)
        return in_utc(datetime.fromisoformat(plain))
    except (ValueError, OverflowError) as error:
        raise InputError(
            f"{option} {printable(text, _LONGEST_SHOWN)!r}: give a date such as 2026-01-31, "
            "maybe with a time, 2026-01-31T12:00 (UTC)"
        ) from error


def in_utc(moment: datetime) -> datetime:
    """Give a moment in UTC, which one without a time zone is taken to be in.

    Raises
    ------
    OverflowError
        If it is not between the years 1 and 9999 there.
    """
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def moment_name(moment: datetime) -> str:
    """Write a moment as it can be read again: a day's end as the date alone.

    Examples
    --------
    >>> moment_name(parse_moment("2026-01-31", option="--at"))
    '2026-01-31'
    """
    utc = moment.astimezone(UTC)
    if utc.time() == time.max:
        return utc.date().isoformat()
    return utc.isoformat(timespec="auto").replace("+00:00", "Z")


def minute_name(moment: datetime) -> str:
    """Write a moment to the minute in UTC, for a reader.

    Examples
    --------
    >>> minute_name(datetime(99, 1, 31, 12, 5, 59, tzinfo=UTC))
    '0099-01-31 12:05'
    """
    # strftime gives a year before 1000 as many digits as the system's library likes.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "minutes")


def is_yet_to_come(moment: datetime, *, now: datetime) -> bool:
    """Tell whether a moment's day has begun nowhere on Earth.

    Today's date alone means its end, and is not meant here.

    Examples
    --------
    >>> noon = datetime(2026, 1, 31, 12, tzinfo=UTC)
    >>> [is_yet_to_come(noon + timedelta(days=days), now=noon) for days in (0, 1, 2)]
    [False, False, True]
    """
    return moment.astimezone(UTC).date() > (now.astimezone(UTC) + _EARLIEST_ZONE).date()
