"""The command line: one module a command group. It parses, calls one library function, renders.

Nothing else in graphcrawl prints.
"""

from __future__ import annotations

import gc
import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line on this process's arguments, and exit."""
    from graphcrawl.cli.signals import INTERRUPTED, interrupt_on_signals, is_interrupt

    interrupt_on_signals()
    # A command makes many values that stay and hardly a cycle (a crawl one or two a request). To
    # look for cycles after every 700 of them took a seventh of its time, after 50,000 a twentieth.
    gc.set_threshold(1_000_000, 20, 50)
    try:
        # Half of the start goes by in this import, and a signal may come at any time.
        from graphcrawl.cli.main import main
    except BaseException as error:
        if not is_interrupt(error):
            raise
        _leave(INTERRUPTED)
    _leave(main(sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    # An interrupt that comes while code is made from text, as dataclasses are, leaves a mark in
    # CPython even if it is caught, for which the process would end by SIGINT and not by this code
    # (run_eval_code_obj in pythonrun.c). Running any other text takes the mark away.
    exec("")
    # Or a last look for cycles would walk all that was read, after everything is written.
    gc.freeze()
    sys.exit(code)
