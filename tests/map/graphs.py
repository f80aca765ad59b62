"""Graphs to draw: the documented sample, made-up crawls of any size, and hostile texts."""

from __future__ import annotations

import csv
import gzip
import random
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from graphcrawl.graph import ConnectionGraph, Node
from graphcrawl.model import Network, Origin
from tests.graph.worlds import connected
from tests.sample import SAMPLE

HOSTILE = (
    "</script><script>window.__pwned=1</script>",
    "<img src=x onerror=window.__pwned=2>",
    '"><svg onload=window.__pwned=3>',
    '<a href="javascript:window.__pwned=4">href</a>',
    "javascript:window.__pwned=5",
    "<!--<script>",
    "]]></style><style>*{display:none}",
    "{{7*7}}{% raw %}${7*7}",
    "line\u2028separator\u2029here\u0085too",
    "\u202egnp.exe\u2066 never closed",
    "\u2069\u2069\u202c closed too often",
    "nul\x00byte\x1b[31m",
    "lone \ud800 surrogate",
    "&lt;b&gt;&amp;#60;",
    "عربي עברית 東京 🚀👩‍🚀",
    "W" * 5000,
    "\U000e0041\u200b\u200d\ufe0f",
    "",
)

NETWORKS = [network.value for network in Network]


def node(at: int, **fields: object) -> Node:
    """Make a node with everything in it, but for what a test wants otherwise."""
    plain: dict[str, object] = {
        "id": at,
        "network": NETWORKS[at % len(NETWORKS)],
        "social_id": f"{at:05}",
        "username": f"user{at}",
        "title": f"Account {at}",
        "subscribers_count": 10 ** (at % 8 + 1),
        "er": 1.0,
        "state": "READY",
        "depth": 0 if at == 0 else 1,
        "visit": "done" if at == 0 else "skipped",
        "cause": None if at == 0 else "rim",
    }
    return Node(**{**plain, **fields})  # type: ignore[arg-type]


def graph(
    nodes: Iterable[Node],
    lists: Mapping[int, Sequence[int]],
    *,
    origin: Origin = Origin.VENDOR,
) -> ConnectionGraph:
    """Make a graph of who lists whom, with the certainty that the nodes' visits allow."""
    return connected(nodes, lists, origin=origin)


def sample() -> ConnectionGraph:
    """Return the answer that the vendor's documentation shows."""
    nodes = (
        node(
            at,
            network=row.network,
            social_id=row.social_id,
            username=row.username,
            title=row.title,
            subscribers_count=row.followers,
            state=row.state,
        )
        for at, row in enumerate(SAMPLE)
    )
    return graph(nodes, {0: [1, 2, 3, 4]})


def crawl(
    size: int, breadth: int, *, rng_seed: int = 1, origin: Origin = Origin.SIMULATED
) -> ConnectionGraph:
    """Make up a crawl of `size` accounts, each asked one listing up to `breadth` others."""
    draw = random.Random(rng_seed)
    lists: dict[int, list[int]] = {}
    depths = {0: 0}
    visits: dict[int, tuple[str, str | None]] = {}
    waiting = deque([0])
    while waiting and len(depths) < size:
        source = waiting.popleft()
        if source and draw.random() < 0.08:
            visits[source] = ("failed", draw.choice(["not-found", "private", "timeout"]))
            continue
        visits[source] = ("done", None)
        lists[source] = _listed(source, depths, waiting, size, draw.randint(1, breadth), draw)
    return graph(
        (_made_up(at, depths[at], visits.get(at, ("skipped", "rim")), draw) for at in depths),
        lists,
        origin=origin,
    )


def _listed(
    source: int,
    depths: dict[int, int],
    waiting: deque[int],
    size: int,
    count: int,
    draw: random.Random,
) -> list[int]:
    found: list[int] = []
    for _ in range(count):
        target = draw.randrange(len(depths)) if draw.random() < 0.4 else len(depths)
        if target == len(depths) and target < size:
            depths[target] = depths[source] + 1
            waiting.append(target)
        if target != source and target in depths and target not in found:
            found.append(target)
    return found


def _made_up(at: int, depth: int, visit: tuple[str, str | None], draw: random.Random) -> Node:
    syllables = ["ka", "mo", "ri", "ta", "ve", "lu", "na", "so", "pi", "dre", "sha", "bel"]
    name = "".join(draw.choice(syllables) for _ in range(draw.randint(2, 4)))
    return node(
        at,
        username=name,
        title=name.title() + draw.choice(["", " Studio", " TV", " 東京", " Kitchen and Garden"]),
        subscribers_count=int(10 ** draw.uniform(2, 8)),
        depth=depth,
        visit=visit[0],
        cause=visit[1],
    )


def hostile() -> ConnectionGraph:
    """Return a graph whose every text is an attack, in each place where texts come from."""
    nodes = [node(0, title="Seed", username="seed")]
    for at, text in enumerate(HOSTILE, start=1):
        nodes.append(
            node(
                at,
                title=text,
                username=text,
                social_id=f"{at}{text}",
                state=text,
                cause=text,
                network=text if at % 3 == 0 else NETWORKS[at % len(NETWORKS)],
            )
        )
    return graph(nodes, {0: list(range(1, len(nodes)))})


def facebook(folder: Path, *, seed: str, depth: int) -> ConnectionGraph:
    """Crawl the real graph of Facebook pages as the engine would; follower counts are made up."""
    with gzip.open(folder / "nodes.csv.gz", "rt", encoding="utf-8", newline="") as file:
        pages = {row["page_id"]: row for row in csv.DictReader(file)}
    near = defaultdict(list)
    with gzip.open(folder / "edges.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for one, other in csv.reader(file):
            if one in pages:
                near[one].append(other)
                near[other].append(one)
    depths = {seed: 0}
    waiting = deque([seed])
    while waiting:
        page = waiting.popleft()
        for other in near[page] if depths[page] < depth else ():
            if other not in depths:
                depths[other] = depths[page] + 1
                waiting.append(other)
    order = sorted(depths)
    index = {page: at for at, page in enumerate(order)}
    types = sorted({row["page_type"] for row in pages.values()})
    nodes = (
        node(
            at,
            network=NETWORKS[types.index(pages[page]["page_type"])],
            social_id=page,
            username=None,
            title=pages[page]["page_name"],
            subscribers_count=len(near[page]) ** 3 * 30,
            depth=depths[page],
            visit="done" if depths[page] < depth else "skipped",
        )
        for at, page in enumerate(order)
    )
    lists = {
        index[page]: [index[other] for other in near[page]]
        for page in order
        if depths[page] < depth
    }
    return graph(nodes, lists, origin=Origin.SIMULATED)
