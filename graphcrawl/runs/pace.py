"""How fast a run may ask, and how many requests at once."""

from __future__ import annotations

from typing import Final

VENDOR_LIMIT: Final = 100
"""The vendor takes fewer requests than this a minute."""

DEFAULT_RATE: Final = 95
DEFAULT_WORKERS: Final = 4
MOST_WORKERS: Final = 256
