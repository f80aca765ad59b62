"""The page as text: inert data, hashes that fit, the same bytes in every process."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.map import Heading, describe, draw
from graphcrawl.map.page import inert_json
from graphcrawl.map.words import readable
from tests.map.graphs import HOSTILE, crawl, graph, hostile, node, sample

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r'<script type="application/json" id="graph-data">(.*?)</script>', re.DOTALL)
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def data_of(html: str) -> dict[str, Any]:
    (block,) = BLOCK.findall(html)
    data: dict[str, Any] = json.loads(block)
    return data


@given(
    st.recursive(
        st.text(alphabet=st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=10,
    )
)
def test_data_comes_back_as_it_went_in_and_holds_no_markup(value: object) -> None:
    text = inert_json(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


def test_the_block_holds_every_text_of_the_graph() -> None:
    one = hostile()
    nodes = data_of(draw(one, heading=Heading("t", "s")))["nodes"]
    for account, drawn in zip(one.nodes, nodes, strict=True):
        assert drawn["id"] == account.id
        assert drawn["username"] == readable(account.username or "", 100)
        assert drawn["name"] in (readable(account.title or ""), f"id {account.social_id}")


def test_hostile_texts_add_no_markup() -> None:
    plain = draw(graph([node(at) for at in range(len(HOSTILE) + 1)], {}), heading=Heading("t", "s"))
    attacked = draw(hostile(), heading=Heading(HOSTILE[0], HOSTILE[1]))
    for tag in ("<script", "</script", "<style", "<img", "<svg onload", "<a "):
        assert BLOCK.sub("", attacked).count(tag) == BLOCK.sub("", plain).count(tag)
    assert "{{7*7}}" in draw(sample(), heading=Heading("{{7*7}}", "s"))


def test_the_policy_names_every_block_and_nothing_else() -> None:
    html = draw(sample(), heading=Heading("t", "s"))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    blocks = [*SCRIPT.findall(html), *re.findall(r"<style>(.*?)</style>", html, re.DOTALL)]
    hashes = [base64.b64encode(hashlib.sha256(b.encode()).digest()).decode() for b in blocks]
    assert re.findall(r"'sha256-([^']+)'", policy.group(1)) == hashes
    assert "default-src 'none'" in policy.group(1)
    assert "unsafe" not in policy.group(1)
    assert "\r" not in html


def test_nothing_on_the_page_names_another_place_to_load_from() -> None:
    html = draw(sample(), heading=Heading("t", "s"))
    assert not re.search(r"<link|\bsrc=|@import|url\(|sourceMappingURL", SCRIPT.sub("", html))
    assert "sourceMappingURL" not in html


def test_the_legend_explains_what_is_there_and_nothing_else() -> None:
    html = draw(sample(), heading=Heading("t", "s"))
    legend = html[html.index('id="legend"') : html.index('id="zoom"')]
    assert "instagram" in legend
    assert "tiktok" not in legend
    assert "unknown: " in legend
    assert "one-way" not in legend
    assert "private" not in legend


def test_simulated_data_says_so_in_title_and_banner() -> None:
    one = crawl(40, 9)
    html = draw(one, heading=describe(one, seeds=["instagram:a"], rate=None))
    assert "<title>Simulated data: " in html
    assert html.count(">Simulated data: a simulator stood in for HypeAuditor</p>") == 1
    assert "imulated data" not in BLOCK.sub("", draw(sample(), heading=Heading("t", "s")))


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_every_process_draws_the_same_bytes(hash_seed: str) -> None:
    code = (
        "import hashlib;from graphcrawl.map import Heading, draw;"
        "from tests.map.graphs import crawl, hostile;"
        "print(*(hashlib.sha256(draw(g, heading=Heading('t', 's')).encode()).hexdigest()"
        " for g in (crawl(300, 20), hostile())))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    here = [
        hashlib.sha256(draw(one, heading=Heading("t", "s")).encode()).hexdigest()
        for one in (crawl(300, 20), hostile())
    ]
    assert said.stdout.decode().split() == here


def test_importing_the_room_does_not_import_pyvis() -> None:
    code = "import sys, graphcrawl.map; print('pyvis' in sys.modules, 'IPython' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert said.stdout.decode().split() == ["False", "False"]
