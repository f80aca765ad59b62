"""How much accounts matter, by several measures: pure functions from arrays to one number each."""

from graphcrawl.graph.measures.by_name import clusters_in, measure
from graphcrawl.graph.measures.measured import Measured, ranking

__all__ = ["Measured", "clusters_in", "measure", "ranking"]
