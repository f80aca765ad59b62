"""Files that would unpack to far more than they are: refused before anything is unpacked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graphcrawl.errors import InputError


@dataclass(frozen=True, slots=True)
class Growth:
    """What something packed may unpack to; only what is beyond both is refused.

    Attributes
    ----------
    free : int
        Bytes that it may unpack to in any case.
    times : int
        How many times its packed size.
    """

    free: int
    times: int

    def check(self, path: Path, part: str, *, unpacked: int, packed: int) -> None:
        """Refuse what would be too much.

        Raises
        ------
        InputError
        """
        if unpacked > max(self.free, self.times * packed):
            raise InputError(
                f"{path}: {part} would unpack to {unpacked:,} bytes from {packed:,}: more than any "
                "table of a graph"
            )
