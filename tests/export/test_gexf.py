"""The rules of the GEXF 1.3 schema, written out here for what these files use of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree

from hypothesis import given, settings

from graphcrawl.export import Contents, ExportFormat
from tests.export.made import everything, written

CHILDREN: Final[Mapping[str, str]] = {
    "gexf": "(meta )?graph ",
    "meta": "(creator )?(keywords )?(description )?",
    "graph": "(attributes )*nodes edges ",
    "attributes": "(attribute )*",
    "nodes": "(node )*",
    "edges": "(edge )*",
    "node": "(attvalues )?(color )?(position )?(size )?",
    "edge": "(attvalues )?",
    "attvalues": "(attvalue )*",
}
"""By element, what it may hold; nothing where it is not named."""

INTEGER: Final = r"-?\d+"
REAL: Final = r"-?\d+(\.\d+)?(e[+-]?\d+)?"
ATTRIBUTES: Final[Mapping[str, Mapping[str, str]]] = {
    "gexf": {"version": r"1\.3"},
    "meta": {"lastmodifieddate": r"\d{4}-\d\d-\d\d"},
    "graph": {"mode": "static", "defaultedgetype": "directed", "idtype": "integer"},
    "attributes": {"class": "node|edge"},
    "attribute": {"id": r"\d+", "title": "(?s:.*)", "type": "string|long|double|boolean"},
    "nodes": {"count": r"\d+"},
    "edges": {"count": r"\d+"},
    "node": {"id": INTEGER, "label": r"\S+( \S+)*"},
    "edge": {"id": r"\d+", "source": INTEGER, "target": INTEGER},
    "attvalue": {"for": r"\d+", "value": "(?s:.*)"},
    "color": dict.fromkeys("rgb", r"1?\d?\d|2[0-4]\d|25[0-5]"),
    "position": dict.fromkeys("xyz", REAL),
    "size": {"value": r"\d+(\.\d+)?"},
}
OPTIONAL: Final = {"lastmodifieddate"}
VALUES: Final = {"string": "(?s:.*)", "long": INTEGER, "double": REAL, "boolean": "true|false"}
SPACES: Final = {"{http://gexf.net/1.3}": "", "{http://gexf.net/1.3/viz}": "viz:"}
DRAWN: Final = {"color", "position", "size"}


@settings(max_examples=20)
@given(everything())
def test_the_file_keeps_the_rules(contents: Contents) -> None:
    root = ElementTree.fromstring(written(contents, ExportFormat.GEXF))
    for element in root.iter():
        space, _, name = element.tag.rpartition("}")
        assert SPACES[f"{space}}}"] == ("viz:" if name in DRAWN else "")
        inside = "".join(f"{child.tag.rpartition('}')[2]} " for child in element)
        assert re.fullmatch(CHILDREN.get(name, ""), inside), (name, inside)
        patterns = ATTRIBUTES.get(name, {})
        assert patterns.keys() - element.attrib.keys() <= OPTIONAL
        for key, value in element.attrib.items():
            assert re.fullmatch(patterns[key], value), (name, key, value)
    kept_types(root)


def kept_types(root: ElementTree.Element) -> None:
    """Assert that values are of the declared types, no two of one attribute, and counts right."""
    spaces = {"g": "http://gexf.net/1.3"}
    for kind in ("node", "edge"):
        declared = {
            one.attrib["id"]: VALUES[one.attrib["type"]]
            for one in root.iterfind(f".//g:attributes[@class='{kind}']/g:attribute", spaces)
        }
        items = root.findall(f".//g:{kind}", spaces)
        assert root.find(f".//g:{kind}s", spaces).attrib["count"] == str(len(items))  # type: ignore[union-attr]
        assert len({item.attrib["id"] for item in items}) == len(items)
        for item in items:
            values = item.findall(".//g:attvalue", spaces)
            assert len({value.attrib["for"] for value in values}) == len(values)
            for value in values:
                assert re.fullmatch(declared[value.attrib["for"]], value.attrib["value"])
