"""Results onto standard output, as the terminal there wants them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from graphcrawl.cells import as_json, plain
from graphcrawl.cli.listing import Format, render
from graphcrawl.settings import wants_color
from graphcrawl.wording import printable

_LONGEST: Final = 2_000


def write_listing(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    form: Format,
    *,
    caption: str | None = None,
) -> int:
    """Write rows to standard output and give their number."""
    color = sys.stdout.isatty() and wants_color()
    return render(
        columns, rows, format=form, out=sys.stdout, width=None, color=color, caption=caption
    )


def write_object(entry: Mapping[str, object], form: Format) -> None:
    """Write one object to standard output: whole in json and jsonl, else its names and values."""
    if form in (Format.JSON, Format.JSONL):
        indent = 2 if form is Format.JSON else None
        sys.stdout.write(f"{as_json(plain(entry), indent=indent)}\n")
    else:
        write_listing(("name", "value"), entry.items(), form)


def complain(message: str) -> None:
    """Write one line to standard error, whatever the message holds."""
    sys.stderr.write(f"graphcrawl: {printable(message, _LONGEST)}\n")
