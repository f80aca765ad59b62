"""The example in output/ is the page that graphcrawl draws today."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.example import example
from tests.repository import ROOT

PAGE = ROOT / "output" / "example-nasa.html"
BLOCK = re.compile(r'<script type="application/json" id="graph-data">(.*?)</script>', re.DOTALL)


def test_the_example_is_the_page_of_today() -> None:
    kept, drawn = PAGE.read_text(encoding="utf-8"), example()
    said = "it is written by python -m tests.example > output/example-nasa.html"
    assert BLOCK.sub("", kept) == BLOCK.sub("", drawn), said
    assert _without_places(kept) == _without_places(drawn), said


def test_the_example_says_that_it_is_simulated() -> None:
    kept = PAGE.read_text(encoding="utf-8")
    assert "<title>Simulated data: " in kept
    assert "Simulated data: a simulator stood in for HypeAuditor" in kept


def _without_places(page: str) -> Any:
    """Give the data but for where marks lie: that may differ in the last digit by machine."""
    (data,) = BLOCK.findall(page)
    return json.loads(data, object_hook=_without_place)


def _without_place(value: dict[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in value.items() if key not in ("x", "y", "width", "height")}
