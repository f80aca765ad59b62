"""The page people share: one offline HTML file that shows who lists whom."""

from graphcrawl.map.page import draw
from graphcrawl.map.words import Heading, describe
from graphcrawl.map.writing import may_replace, write_page

__all__ = ["Heading", "describe", "draw", "may_replace", "write_page"]
