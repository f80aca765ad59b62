"""Libraries that only some formats need."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from graphcrawl.errors import InputError
from graphcrawl.export.formats import ExportFormat
from graphcrawl.wording import how_to_install

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
            f"{format.value} needs {name}, which is not installed: {how_to_install(format.value)}"
        )
