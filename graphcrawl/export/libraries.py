"""Libraries that only some formats need."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from graphcrawl.errors import InputError
from graphcrawl.export.formats import ExportFormat

_NEEDED: Final = {
    ExportFormat.PARQUET: ("pyarrow", "pyarrow"),
    ExportFormat.XLSX: ("xlsxwriter", "XlsxWriter"),
}


def check_library(format: ExportFormat) -> None:
    """Refuse a format whose library is not installed.

    Raises
    ------
    InputError
    """
    module, name = _NEEDED.get(format, (None, ""))
    if module is not None and find_spec(module) is None:
        raise InputError(
            f"{format.value} needs {name}, which is not installed: python -m pip install "
            f"'graphcrawl[{format.value}]'"
        )
