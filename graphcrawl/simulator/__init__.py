"""A local server that speaks the vendor's API: worlds, faults, limits, over real HTTP.

It imports nothing of the client, so that a client's mistake cannot hide in its own fake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcrawl.csv_files import Columns
from graphcrawl.doors import door

if TYPE_CHECKING:
    from graphcrawl.simulator.faults import FaultKind, Faults, Limit
    from graphcrawl.simulator.files import FileWorld
    from graphcrawl.simulator.generated import GeneratedWorld
    from graphcrawl.simulator.ledger import RequestRecord
    from graphcrawl.simulator.manners import Access, OwnRow
    from graphcrawl.simulator.opening import open_world
    from graphcrawl.simulator.server import Simulator
    from graphcrawl.simulator.small import SmallWorld
    from graphcrawl.simulator.world import NoReport, Reply, Report, Withheld, World
else:
    __getattr__ = door(
        __name__,
        {
            "faults": "FaultKind Faults Limit",
            "files": "FileWorld",
            "generated": "GeneratedWorld",
            "ledger": "RequestRecord",
            "manners": "Access OwnRow",
            "opening": "open_world",
            "server": "Simulator",
            "small": "SmallWorld",
            "world": "NoReport Reply Report Withheld World",
        },
    )

__all__ = [
    "Access",
    "Columns",
    "FaultKind",
    "Faults",
    "FileWorld",
    "GeneratedWorld",
    "Limit",
    "NoReport",
    "OwnRow",
    "Reply",
    "Report",
    "RequestRecord",
    "Simulator",
    "SmallWorld",
    "Withheld",
    "World",
    "open_world",
]
