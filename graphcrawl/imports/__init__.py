"""An existing graph read from files: what is in them, and what it tells of accounts."""

from graphcrawl.imports.assembly import Assembly
from graphcrawl.imports.delimited import read_csv
from graphcrawl.imports.formats import open_graph
from graphcrawl.imports.raw import RawGraph

__all__ = ["Assembly", "RawGraph", "open_graph", "read_csv"]
