"""The page people share: one offline HTML file that shows who lists whom."""

from graphcrawl.map.changes import heading_of
from graphcrawl.map.drawn import Drawn, drawn
from graphcrawl.map.faces import MOST_BYTES, by_importance, left_out_sentence
from graphcrawl.map.marks import name_of
from graphcrawl.map.options import Arrangement, By, Color, MapOptions, Size
from graphcrawl.map.page import draw
from graphcrawl.map.selection import Selection, select
from graphcrawl.map.words import MEANINGS, NOTICES, Heading, describe, stands
from graphcrawl.map.writing import may_replace, write_page

__all__ = [
    "MEANINGS",
    "MOST_BYTES",
    "NOTICES",
    "Arrangement",
    "By",
    "Color",
    "Drawn",
    "Heading",
    "MapOptions",
    "Selection",
    "Size",
    "by_importance",
    "describe",
    "draw",
    "drawn",
    "heading_of",
    "left_out_sentence",
    "may_replace",
    "name_of",
    "select",
    "stands",
    "write_page",
]
