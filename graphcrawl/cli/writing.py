"""Results onto standard output, as the terminal there wants them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from graphcrawl.cli.listing import Format, render
from graphcrawl.settings import wants_color


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
