"""The command line: one module a command group. It parses, calls one library function, renders.

Nothing else in graphcrawl prints.
"""

from __future__ import annotations

import sys


def run() -> None:
    """Run the command line on this process's arguments, and exit."""
    from graphcrawl.cli.signals import INTERRUPTED, interrupt_on_signals

    interrupt_on_signals()
    try:
        # Half of the start goes by in this import, and a signal may come at any time.
        from graphcrawl.cli.main import main
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    sys.exit(main(sys.argv[1:]))
