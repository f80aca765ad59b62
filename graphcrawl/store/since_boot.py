"""A clock that nobody can set, for what must not be forgotten when the date is."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
TIME_NAMESPACE: Final = "/proc/self/ns/time"


@dataclass(frozen=True, slots=True)
class BootClock:
    """Seconds that pass alike for all processes, whatever is done to the date.

    Attributes
    ----------
    boot : str
        Names what the readings count from: those of another name cannot be compared.
    read : callable
        Seconds since then; sleep of the machine is counted.
    """

    boot: str
    read: Callable[[], float]


def boot_clock() -> BootClock | None:
    """Give this machine's, or None where the system has none that can be told from another's.

    Linux has: CLOCK_BOOTTIME, and an ID of each start. A time namespace counts from elsewhere.
    """
    if sys.platform != "linux":
        return None
    try:
        boot = BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return None
    with suppress(OSError):  # an older kernel has one for all
        boot = f"{boot} {os.readlink(TIME_NAMESPACE)}"
    return BootClock(boot, lambda: time.clock_gettime(time.CLOCK_BOOTTIME))
