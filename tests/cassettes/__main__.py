"""Make the cassettes anew, or record them with the credentials of the environment."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from graphcrawl.errors import CrawlIncomplete, GraphcrawlError
from graphcrawl.model import Origin
from graphcrawl.runs import Access
from graphcrawl.services import PERMITS
from graphcrawl.settings import current_settings
from tests.cassettes.cases import CASES
from tests.cassettes.documented import make
from tests.cassettes.recording import make_small_crawl, record
from tests.cassettes.tape import FOLDER


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.cassettes", description=__doc__)
    parser.add_argument(
        "action",
        choices=("make", "record"),
        help="make: from the documentation and the simulator, without a network; "
        "record: from the API, with HYPEAUDITOR_ID and HYPEAUDITOR_TOKEN",
    )
    parser.add_argument("--folder", type=Path, default=FOLDER, help="default: %(default)s")
    given = parser.parse_args(arguments)
    try:
        make_all(given.folder) if given.action == "make" else record_all(given.folder)
    except GraphcrawlError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def make_all(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in (*(make(name, folder) for name in CASES), make_small_crawl(folder)):
        print(f"made      {path.stem}")


def record_all(folder: Path) -> None:
    settings = current_settings()
    access = Access(settings.url, settings.require_credentials(), settings.state_dir / PERMITS)
    if access.origin is Origin.SIMULATED:
        print("this is not the vendor's address: the cassettes will say so", file=sys.stderr)
    missed = 0
    for taken in record(access, folder):
        print(f"kept      {taken.name}: {taken.why}" if taken.why else f"recorded  {taken.name}")
        missed += taken.missed
    if missed:
        raise CrawlIncomplete(f"{missed} kept although the API can say it: run this again")


if __name__ == "__main__":
    sys.exit(main())
