"""The page people share: one offline HTML file that shows who lists whom."""

from graphcrawl.map.page import draw
from graphcrawl.map.portraits import MOST_BYTES, by_importance, left_out_sentence
from graphcrawl.map.scene import Size
from graphcrawl.map.selection import Filter, MapOptions, Selection, parse_filter, select
from graphcrawl.map.words import Heading, describe
from graphcrawl.map.writing import may_replace, write_page

__all__ = [
    "MOST_BYTES",
    "Filter",
    "Heading",
    "MapOptions",
    "Selection",
    "Size",
    "by_importance",
    "describe",
    "draw",
    "left_out_sentence",
    "may_replace",
    "parse_filter",
    "select",
    "write_page",
]
