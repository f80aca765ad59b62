"""CSV: one file for the nodes, one for the edges, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from itertools import repeat
from typing import Final, TextIO

from graphcrawl.cells import guarded
from graphcrawl.export.columns import ORIGIN
from graphcrawl.export.contents import Kind, Table
from graphcrawl.export.spelling import SPELT, Spelling, cells

_WORDS: Final[Mapping[Kind, Spelling]] = {**SPELT, Kind.TEXT: guarded}


def write_csv(table: Table, origin: str, out: TextIO) -> None:
    """Write a table, with a column more: whom the data came from.

    A file of cells has no other place to say so, and is handed on alone.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(guarded, (*(column.name for column in table.columns), ORIGIN.name)))
    for block in table.blocks():
        writer.writerows(zip(*cells(table.columns, block, _WORDS), repeat(origin), strict=False))
