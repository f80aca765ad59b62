"""The same requests by bare requests, storing nothing: URL SEED FOLDER; prints figures as JSON."""

import json
import sys
import time
from collections import deque

import requests

url, seed, _ = sys.argv[1:]
session = requests.Session()
session.trust_env = False
session.headers.update({"x-auth-id": "bench", "x-auth-token": "bench"})
depths, queue = {seed: 0}, deque([seed])
connections = sent = 0
began = time.perf_counter()
while queue:
    asked = queue.popleft()
    answer = session.get(
        f"{url}/api/method/auditor.reportConnections",
        params={"id": asked, "type": "instagram", "v": "2"},
    )
    sent += 1
    for row in answer.json()["result"]:
        if row["social_id"] == asked:
            continue
        connections += 1
        if row["social_id"] not in depths:
            depths[row["social_id"]] = depths[asked] + 1
            if depths[asked] + 1 < 3:
                queue.append(row["social_id"])
seconds = time.perf_counter() - began
print(
    json.dumps(
        {
            "seconds": seconds,
            "requests": sent,
            "accounts": len(depths),
            "connections": connections,
        }
    )
)
