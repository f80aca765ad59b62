"""One depth-3 crawl by graphcrawl: URL SEED FOLDER WORKERS; prints its figures as JSON."""

import json
import sys
from pathlib import Path

import graphcrawl
from graphcrawl.model import AccountRef, Credentials
from graphcrawl.runs import Access, CrawlOptions

url, seed, folder, workers = sys.argv[1:]
result = graphcrawl.open(Path(folder) / "graph.db").crawl(
    [AccountRef("instagram", social_id=seed)],
    Access(url, Credentials("bench", "bench"), None),
    CrawlOptions(depth=3, rate=0, workers=int(workers)),
)
print(
    json.dumps(
        {
            "seconds": result.seconds,
            "requests": result.record.requests,
            "accounts": result.record.accounts,
            "connections": result.record.connections,
        }
    )
)
