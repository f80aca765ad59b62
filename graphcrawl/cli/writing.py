"""Results onto standard output, as the terminal there wants them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Final

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


def complain(message: str) -> None:
    """Write one line to standard error, whatever the message holds."""
    sys.stderr.write(f"graphcrawl: {printable(message, _LONGEST)}\n")
