"""The page people share: one offline HTML file that shows who lists whom."""

from graphcrawl.map.page import draw
from graphcrawl.map.scene import Size
from graphcrawl.map.selection import Filter, MapOptions, Selection, parse_filter, select
from graphcrawl.map.words import Heading, describe
from graphcrawl.map.writing import may_replace, write_page

__all__ = [
    "Filter",
    "Heading",
    "MapOptions",
    "Selection",
    "Size",
    "describe",
    "draw",
    "may_replace",
    "parse_filter",
    "select",
    "write_page",
]
