"""The page people share: one offline HTML file that shows who lists whom."""

from graphcrawl.map.filters import Filter, parse_filter
from graphcrawl.map.options import Arrangement, Color, MapOptions, Size
from graphcrawl.map.page import draw
from graphcrawl.map.selection import Selection, select
from graphcrawl.map.words import Heading, describe
from graphcrawl.map.writing import may_replace, write_page

__all__ = [
    "Arrangement",
    "Color",
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
