"""Files of other programs read: graphs, what they tell of accounts, and users' own columns."""

from graphcrawl.imports.assembly import Assembly
from graphcrawl.imports.attributes import (
    AttributeFile,
    AttributeRow,
    read_attributes,
    typed_columns,
)
from graphcrawl.imports.delimited import read_tables
from graphcrawl.imports.formats import open_graph
from graphcrawl.imports.raw import RawGraph

__all__ = [
    "Assembly",
    "AttributeFile",
    "AttributeRow",
    "RawGraph",
    "open_graph",
    "read_attributes",
    "read_tables",
    "typed_columns",
]
