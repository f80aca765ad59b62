"""What listings say of data that did not come from the vendor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from graphcrawl.model import Origin

_SAID: Final[Mapping[Origin, str]] = {
    Origin.SIMULATED: "simulated data: nothing here came from the vendor",
    Origin.IMPORTED: "imported data: asked means that the file tells whom an account lists",
}


def of_origin(origin: Origin) -> str | None:
    """Say whom data comes from; None where it is the vendor."""
    return _SAID.get(origin)
