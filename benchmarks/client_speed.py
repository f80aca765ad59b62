"""One thread's requests: graphcrawl's client against bare requests; and what parsing adds to JSON.

The same accounts are asked for at one local simulator, in alternating rounds. The client checks,
bounds and parses each answer into frozen accounts; bare requests only read its JSON.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import requests
from map_graphs import NASA, page_graph, simulator

from graphcrawl.api import Client, parse_answer
from graphcrawl.model import AccountRef, Credentials, Network, ReportState

SECRETS = Credentials("bench", "bench")
ROWS = 50
PARSED = 500
"""Times in a round."""

Work = Callable[[], object]


def asked(url: str) -> list[AccountRef]:
    """Give those to ask for: a page and all that it is connected to."""
    with Client(SECRETS, base_url=url) as client:
        seed = AccountRef("instagram", social_id=NASA)
        rows = client.ask(seed).connections
    return [seed, *(AccountRef(row.network, social_id=row.social_id) for row in rows)]


def by_client(url: str, refs: Sequence[AccountRef]) -> Work:
    """Return what asks for all by graphcrawl's client."""
    client = Client(SECRETS, base_url=url)
    return lambda: [client.ask(ref) for ref in refs]


def by_requests(url: str, refs: Sequence[AccountRef], *, environment: bool) -> Work:
    """Return what asks for all by a session of requests.

    Parameters
    ----------
    environment : bool
        Whether it looks for proxies and netrc at each request, as it does by default.
    """
    session = requests.Session()
    session.trust_env = environment
    session.headers.update({"x-auth-id": SECRETS.client_id, "x-auth-token": SECRETS.token})
    address = f"{url}/api/method/auditor.reportConnections"
    return lambda: [
        session.get(
            address, params={"id": ref.social_id, "type": ref.network, "v": "2"}, timeout=60
        ).json()
        for ref in refs
    ]


def body() -> str:
    """Write an answer of 50 rows, with all that the vendor documents."""
    rows = [
        {
            "social_id": str(528817151 + at),
            "username": f"invented.{at}",
            "type": list(Network)[at % len(Network)].value,
            "title": f"Invented account {at} · 宇宙",
            "avatar_url": f"https://cdn.hypeauditor.com/img/{at}.jpg?w=150&till=1740787140&sign=0",
            "subscribers_count": 96_809_672 // (at + 1),
            "er": 0.734377,
            "state": ReportState.READY.value,
        }
        for at in range(ROWS)
    ]
    return json.dumps({"result": rows})


def parsers() -> dict[str, Work]:
    """Give what is done to a body."""
    text = body()
    seed = AccountRef("instagram", social_id="528817151")
    return {
        "JSON to frozen accounts": lambda: [
            parse_answer(json.loads(text), seed) for _ in range(PARSED)
        ],
        "JSON alone": lambda: [json.loads(text) for _ in range(PARSED)],
    }


def alternated(entered: dict[str, Work], rounds: int, count: int) -> None:
    """Print what one of `count` costs each contestant, and its time's ratio to the last one's.

    Parameters
    ----------
    rounds : int
        After one that is not counted: it opens connections and imports.
    count : int
        What each contestant does in a round.
    """
    clock: dict[str, list[float]] = {name: [] for name in entered}
    processor: dict[str, list[float]] = {name: [] for name in entered}
    for at in range(rounds + 1):
        for name, work in entered.items():
            began, spent = time.perf_counter(), time.process_time()
            work()
            if at:
                clock[name].append((time.perf_counter() - began) / count)
                processor[name].append((time.process_time() - spent) / count)
    *_, peer = clock.values()
    for name, took in clock.items():
        middle = statistics.median(took)
        ratio = statistics.median(mine / its for mine, its in zip(took, peer, strict=True))
        print(
            f"{name:36} {1e6 * middle:8.0f} {1e6 * min(took):7.0f} {1e6 * max(took):7.0f}"
            f" {1e6 * statistics.median(processor[name]):11.0f} {1 / middle:9.0f}  {ratio:.2f}"
        )


def main() -> None:
    """Alternate the contestants, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the page graph")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    head = f"{'µs, median':>45} {'min':>7} {'max':>7} {'processor':>11} {'a second':>9}  ratio"
    with simulator(page_graph(options.data)) as url:
        refs = asked(url)
        print(f"{len(refs)} requests, one thread\n{head}")
        alternated(
            {
                "graphcrawl's client, parsed": by_client(url, refs),
                "requests without the environment": by_requests(url, refs, environment=False),
                "requests as it comes": by_requests(url, refs, environment=True),
            },
            options.rounds,
            len(refs),
        )
    print(f"\na body of {ROWS} rows\n{head}")
    alternated(parsers(), options.rounds, PARSED)


if __name__ == "__main__":
    main()
