"""The same crawl by a Scrapy spider that upserts the same rows: URL SEED FOLDER.

Scrapy at its best for this: no delay, 32 requests at once, its queue in memory, breadth-first, and
one commit for each 100 answers. What graphcrawl also writes (history, answers, a frontier that
survives a kill) is not asked of it.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import JsonRequest, Response

URL, SEED, FOLDER = sys.argv[1:]
HEADERS = {"x-auth-id": "bench", "x-auth-token": "bench"}
DEPTH = 3
NODE = """INSERT INTO nodes
(network, social_id, username, title, avatar_url, subscribers, er, state)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (network, social_id) DO UPDATE SET
username = excluded.username, title = excluded.title, avatar_url = excluded.avatar_url,
subscribers = excluded.subscribers, er = excluded.er, state = excluded.state"""
EDGE = """INSERT INTO edges (source, target, position)
SELECT s.id, t.id, ? FROM nodes s, nodes t
WHERE s.network = ? AND s.social_id = ? AND t.network = ? AND t.social_id = ?
ON CONFLICT (source, target) DO UPDATE SET position = excluded.position"""
TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE nodes (id INTEGER PRIMARY KEY, network TEXT, social_id TEXT, username TEXT,
    title TEXT, avatar_url TEXT, subscribers INTEGER, er REAL, state TEXT,
    UNIQUE (network, social_id));
CREATE TABLE edges (source INTEGER, target INTEGER, position INTEGER,
    PRIMARY KEY (source, target)) WITHOUT ROWID;
CREATE INDEX edges_target ON edges (target);
"""


class Storing:
    """The pipeline: upserts an answer's accounts and connections."""

    def open_spider(self) -> None:
        """Make the database."""
        self.database = sqlite3.connect(Path(FOLDER) / "scrapy.db")
        self.database.executescript(TABLES)
        self.answers = 0

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """Store one answer."""
        rows = item["rows"]
        self.database.executemany(
            NODE,
            [
                (row["type"], row["social_id"], row["username"], row["title"])
                + (row["avatar_url"], row["subscribers_count"], row.get("er"), row["state"])
                for row in rows
            ],
        )
        others = [row for row in rows if row["social_id"] != item["asked"]]
        self.database.executemany(
            EDGE,
            [
                (position, "instagram", item["asked"], row["type"], row["social_id"])
                for position, row in enumerate(others)
            ],
        )
        self.answers += 1
        if self.answers % 100 == 0:
            self.database.commit()
        return item

    def close_spider(self) -> None:
        """Commit the rest, and print the figures."""
        self.database.commit()
        seconds = time.perf_counter() - Connections.began
        counts = [
            self.database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("nodes", "edges")
        ]
        self.database.close()
        print(
            json.dumps(
                {
                    "seconds": seconds,
                    "requests": self.answers,
                    "accounts": counts[0],
                    "connections": counts[1],
                }
            )
        )


class Connections(scrapy.Spider):
    """Asks for the seed, then for every account nearer than the depth."""

    name = "connections"
    began = 0.0
    seen = {SEED}

    async def start(self) -> Any:
        """Ask for the seed."""
        type(self).began = time.perf_counter()
        yield self.request(SEED, 0)

    def request(self, asked: str, depth: int) -> JsonRequest:
        """Give the request for an account."""
        return JsonRequest(
            f"{URL}/api/method/auditor.reportConnections?id={asked}&type=instagram&v=2",
            headers=HEADERS,
            cb_kwargs={"asked": asked, "depth": depth},
            # Breadth-first: the nearest first.
            priority=-depth,
            dont_filter=True,
        )

    def parse(self, response: Response, asked: str, depth: int) -> Iterator[Any]:
        """Hand the rows to the pipeline, and ask for what is new and near enough."""
        rows = json.loads(response.body)["result"]
        yield {"asked": asked, "rows": rows}
        for row in rows:
            if row["social_id"] not in self.seen:
                self.seen.add(row["social_id"])
                if depth + 1 < DEPTH:
                    yield self.request(row["social_id"], depth + 1)


process = CrawlerProcess(
    {
        "ITEM_PIPELINES": {Storing: 1},
        "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "RETRY_ENABLED": False,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
    }
)
process.crawl(Connections)
process.start()
