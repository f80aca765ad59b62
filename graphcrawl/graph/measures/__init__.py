"""How much accounts matter, by several measures: pure functions from arrays to one number each."""

from graphcrawl.graph.measures.by_name import measure
from graphcrawl.graph.measures.measured import Measured, ranking

__all__ = ["Measured", "measure", "ranking"]
