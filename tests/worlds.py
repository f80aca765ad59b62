"""Small worlds of accounts, as dictionaries: asked in this process, or over HTTP on loopback."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit

from graphcrawl.crawl import Asker, Crawl, Progress, RetryPolicy, StopSignal, Unlimited
from graphcrawl.errors import ReportNotFound
from graphcrawl.model import Account, AccountRef, Answer, Origin
from graphcrawl.store import (
    CrawlFrontier,
    Store,
    finish_crawl,
    open_store,
    read_graph,
    start_crawl,
    take_up,
)

NETWORK: Final = "instagram"
HASTY: Final = RetryPolicy(base=0.0, limited_base=0.0, pending_base=0.0)
"""As many attempts as ever, without the waits."""

Lists = Mapping[str, Sequence[str]]
"""By ID, the IDs that an account lists; one that is no key has no report."""


def name_of(social_id: str) -> str:
    """Give the username of an account."""
    return f"name.{social_id}"


def account(social_id: str, **changes: object) -> Account:
    """Give an account's row; changes are fields of it."""
    values: dict[str, object] = {
        "network": NETWORK,
        "username": name_of(social_id),
        "title": f"Title of {social_id}",
        "subscribers_count": 1000,
        "er": 1.5,
        "state": "READY",
    }
    return Account(social_id=social_id, **{**values, **changes})  # type: ignore[arg-type]


def by_id(*ids: str) -> list[AccountRef]:
    """Give accounts by report ID."""
    return [AccountRef(NETWORK, social_id=one) for one in ids]


def by_name(*ids: str) -> list[AccountRef]:
    """Give accounts by username alone."""
    return [AccountRef(NETWORK, name_of(one)) for one in ids]


def answer(own: str | None, *listed: str, skipped: Sequence[str] = ()) -> Answer:
    """Give an answer as the parser would."""
    return Answer(
        own=None if own is None else account(own),
        connections=tuple(account(one) for one in listed),
        skipped=tuple(skipped),
    )


@dataclass
class World:
    """A source of answers in this process; several threads may ask at once.

    Attributes
    ----------
    lists : mapping
    answers : dict
        By ID, what to answer instead, one after the other: an answer or an error.
    before : callable or None
        Is given the ID before its answer is; may wait.
    """

    lists: Lists
    answers: Mapping[str, Iterable[Answer | Exception]] = field(default_factory=dict)
    before: Callable[[str], None] | None = None
    refs: list[AccountRef] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._names = {name_of(one): one for one in {*self.lists, *self.answers}}
        self._lock = threading.Lock()
        self._queues = {one: deque(answers) for one, answers in self.answers.items()}

    @property
    def asked(self) -> list[str]:
        """The IDs that were asked for, in order."""
        return [self.id_of(ref) for ref in self.refs]

    def id_of(self, ref: AccountRef) -> str:
        """Give the ID that is meant; an unknown name stands for itself."""
        if ref.social_id is not None:
            return ref.social_id
        return self._names.get((ref.username or "").casefold(), ref.username or "")

    def ask(self, ref: AccountRef) -> Answer:
        """Answer as the API's client would."""
        social_id = self.id_of(ref)
        with self._lock:
            self.refs.append(ref)
            queue = self._queues.get(social_id)
            special = queue.popleft() if queue else None
        if self.before is not None:
            self.before(social_id)
        if isinstance(special, Exception):
            raise special
        if special is not None:
            return special
        if social_id not in self.lists:
            raise ReportNotFound(f"{ref}: no report", account=str(ref), status=404)
        return answer(social_id, *(one for one in self.lists[social_id] if one != social_id))


def random_lists(accounts: int, degree: int, seed: int) -> dict[str, list[str]]:
    """Give a directed graph in which each account lists up to `degree` others."""
    random = Random(seed)
    ids = [f"u{number}" for number in range(accounts)]
    return {one: [*dict.fromkeys(random.choices(ids, k=random.randint(0, degree)))] for one in ids}


@dataclass(frozen=True)
class Expected:
    """What a crawl must hold: depths of accounts by ID, the asked ones, and the edges."""

    depths: dict[str, int]
    asked: set[str]
    edges: set[tuple[str, str]]


def expected(lists: Lists, seeds: Iterable[str], depth: int | None) -> Expected:
    """Search breadth-first, one level after the other."""
    depths = dict.fromkeys(seeds, 0)
    waiting = deque(depths)
    asked: set[str] = set()
    edges: set[tuple[str, str]] = set()
    while waiting:
        source = waiting.popleft()
        if depth is not None and depths[source] >= depth:
            continue
        asked.add(source)
        for target in lists.get(source, ()):
            if target != source:
                edges.add((source, target))
            if target not in depths:
                depths[target] = depths[source] + 1
                waiting.append(target)
    return Expected(depths, asked, edges)


@contextmanager
def new_store(path: Path, origin: Origin = Origin.SIMULATED) -> Iterator[Store]:
    """Open a database for writing, and close it."""
    store = open_store(path, origin=origin)
    try:
        yield store
    finally:
        store.close()


def run(
    store: Store,
    crawl_id: int,
    source: World,
    depth: int | None,
    *,
    workers: int = 4,
    policy: RetryPolicy = HASTY,
    stop: StopSignal | None = None,
) -> Progress:
    """Run a crawl from where it stands to its end, which is written down."""
    stop = stop or StopSignal()
    asker = Asker(source, Unlimited(), stop, policy=policy)
    frontier = CrawlFrontier(store, crawl_id, depth)
    status = "interrupted"
    try:
        progress = Crawl(frontier, asker, stop, workers=workers).run()
        status = "complete"
        return progress
    finally:
        finish_crawl(store, crawl_id, status, None)


def crawl(
    store: Store,
    source: World,
    seeds: Sequence[AccountRef],
    depth: int | None,
    *,
    workers: int = 4,
    policy: RetryPolicy = HASTY,
) -> int:
    """Start a crawl and run it to its end."""
    crawl_id = start_crawl(store, seeds, {"depth": depth})
    run(store, crawl_id, source, depth, workers=workers, policy=policy)
    return crawl_id


def go_on(
    store: Store, crawl_id: int, source: World, depth: int | None, *, workers: int = 4
) -> None:
    """Take a crawl up again and run it to its end."""
    take_up(store, crawl_id, {"depth": depth})
    run(store, crawl_id, source, depth, workers=workers)


def found(store: Store, crawl_id: int | None = None) -> Expected:
    """Give what a crawl holds, in the form of what it must hold."""
    facts = read_graph(store, crawl_id)
    names = {node.id: node.social_id or f"?{node.username}" for node in facts.nodes}
    return Expected(
        depths={names[node.id]: -1 if node.depth is None else node.depth for node in facts.nodes},
        asked={names[node.id] for node in facts.nodes if node.visit in ("done", "failed")},
        edges={(names[edge.source], names[edge.target]) for edge in facts.edges},
    )


def assert_true_crawl(
    store: Store, crawl_id: int, world: World, seeds: Sequence[str], depth: int | None
) -> None:
    """Assert that a crawl holds what the search over its world holds, and asked no one else."""
    truth, have = expected(world.lists, seeds, depth), found(store, crawl_id)
    assert have.depths == truth.depths
    assert have.edges == truth.edges
    assert have.asked == truth.asked


def certainties(store: Store, crawl_id: int | None = None) -> dict[tuple[str, str], str]:
    """Give the certainty of every edge, as the graph has it."""
    facts = read_graph(store, crawl_id)
    names = {node.id: node.social_id or f"?{node.username}" for node in facts.nodes}
    return {(names[edge.source], names[edge.target]): edge.certainty.value for edge in facts.edges}


def rows(store: Store, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Give the rows of one statement."""
    with store.engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql, values)]


def statuses(store: Store, crawl_id: int) -> dict[str, tuple[str, str | None]]:
    """Give status and cause of a crawl's accounts, by ID or else by name."""
    return {
        node.social_id or f"?{node.username}": (node.visit or "", node.cause)
        for node in read_graph(store, crawl_id).nodes
    }


@dataclass
class WorldServer:
    """A world behind HTTP on loopback.

    Attributes
    ----------
    lists : Lists
    refuse : callable
        Is given the ID; gives a status, a body and headers to answer with instead, or None.
    profile : callable
        Is given the ID; gives the account's row.
    """

    lists: Lists
    refuse: Callable[[str], tuple[int, object, Mapping[str, str]] | None] = lambda _: None
    asked: list[str] = field(default_factory=list)
    profile: Callable[[str], Account] = account

    def __enter__(self) -> Self:
        world = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and body are two writes: the second must not wait for the client's word.
            disable_nagle_algorithm = True

            def handle(self) -> None:
                with suppress(ConnectionError):  # a client that was killed
                    super().handle()

            def do_GET(self) -> None:
                status, body, headers = world.reply(parse_qs(urlsplit(self.path).query))
                data = json.dumps(body).encode()
                self.send_response(status)
                for header, value in headers.items():
                    self.send_header(header, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            # With the usual 5, connections that come at once are dropped, and asked for anew by
            # the system after 1 s, and then after 2, 4, ... more.
            request_queue_size = 128

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def reply(self, query: Mapping[str, list[str]]) -> tuple[int, object, Mapping[str, str]]:
        """Answer one request."""
        names = {name_of(one): one for one in self.lists}
        asked = query.get("id", [""])[0] or names.get(query.get("username", [""])[0], "?")
        self.asked.append(asked)
        if (instead := self.refuse(asked)) is not None:
            return instead
        if asked not in self.lists:
            return 404, {"error": {"code": 16, "description": "Object not found"}}, {}
        rows = [self._row(one) for one in dict.fromkeys((asked, *self.lists[asked]))]
        return 200, {"result": rows}, {}

    def _row(self, social_id: str) -> dict[str, object]:
        one = self.profile(social_id)
        return {
            "social_id": one.social_id,
            "username": one.username,
            "type": one.network,
            "title": one.title,
            "avatar_url": "",
            "subscribers_count": one.subscribers_count,
            "er": one.er,
            "state": one.state,
        }
