"""How many: followers, and accounts that list one, are listed by one, or either."""

from __future__ import annotations

import numpy as np

from graphcrawl.graph.arrays import GraphArrays
from graphcrawl.graph.measures.lists import tied
from graphcrawl.graph.measures.measured import Measured, everywhere


def subscribers(arrays: GraphArrays) -> Measured:
    """Give the followers that the vendor counts."""
    return Measured(arrays.followers, arrays.followers >= 0)


def in_degree(arrays: GraphArrays) -> Measured:
    """Count the accounts that list each one; those that were not asked may do so, too."""
    return everywhere(np.bincount(arrays.targets, minlength=arrays.size))


def out_degree(arrays: GraphArrays) -> Measured:
    """Count the accounts that each one lists; not known of those that were not asked."""
    return Measured(np.bincount(arrays.sources, minlength=arrays.size), arrays.asked)


def degree(arrays: GraphArrays) -> Measured:
    """Count the accounts that each one lists or is listed by, each once."""
    return everywhere(tied(arrays).lengths())
