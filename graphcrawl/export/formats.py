"""The formats of an export, and what each is for."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class ExportFormat(StrEnum):
    """The formats, as ``graphcrawl export`` names them."""

    GEXF = "gexf"
    GRAPHML = "graphml"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    XLSX = "xlsx"


FOLDERS: Final = frozenset({ExportFormat.CSV, ExportFormat.PARQUET})
"""Formats that are two tables, in a folder of their own."""

NAMED: Final = FOLDERS | {ExportFormat.XLSX}
"""Formats that are tables, whose edges name both ends."""
