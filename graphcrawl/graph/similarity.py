"""How alike two sets of neighbours are; accounts alike in them need not know each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt


class Measure(StrEnum):
    """Measures of likeness, each from 0 (nothing shared) to 1.

    jaccard: of all neighbours that either has, the share that both have (P. Jaccard 1901).
    cosine: shared ones by the geometric mean of both numbers (G. Salton, M. J. McGill 1983).
    overlap: the share of the smaller set that is in the larger (G. G. Simpson 1943).
    How they compare: E. A. Leicht, P. Holme, M. E. J. Newman 2006, doi:10.1103/PhysRevE.73.026120.
    """

    JACCARD = "jaccard"
    COSINE = "cosine"
    OVERLAP = "overlap"

    def of(self, shared: int, ours: int, theirs: int) -> float:
        """Measure two sets by how many they share and how many each holds, 1 or more.

        Examples
        --------
        >>> Measure.JACCARD.of(2, 4, 2), Measure.OVERLAP.of(2, 4, 2)
        (0.5, 1.0)
        """
        if self is Measure.JACCARD:
            return shared / (ours + theirs - shared)
        if self is Measure.COSINE:
            return shared / sqrt(ours * theirs)
        return shared / min(ours, theirs)


class Sharing(StrEnum):
    """Whose neighbours are compared.

    listed-by: who lists both, known alike of every account (co-citation, H. Small 1973).
    lists: whom both list, known of asked accounts alone (bibliographic coupling, M. M. Kessler
    1963).
    """

    LISTED_BY = "listed-by"
    LISTS = "lists"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike another account is.

    Attributes
    ----------
    node : int
        The other account.
    value : float
        From 0 to 1.
    shared : int
        Neighbours that both have.
    theirs : int
        Neighbours that the other account has, the compared one left out.
    """

    node: int
    value: float
    shared: int
    theirs: int


def likenesses(
    measure: Measure,
    shared: Mapping[int, int],
    *,
    own: Iterable[int],
    counts: Mapping[int, int],
    tied: Iterable[int],
) -> list[Likeness]:
    """Measure how alike others are to one account.

    Two accounts never count as their own or each other's neighbours: else those that know each
    other would be less alike for it.

    Parameters
    ----------
    measure : Measure
    shared : mapping of int to int
        By account, how many neighbours it shares with the one.
    own : iterable of int
        The one's neighbours.
    counts : mapping of int to int
        By account, how many neighbours it has.
    tied : iterable of int
        Accounts that have the one itself among their neighbours.

    Returns
    -------
    list of Likeness
        The most alike first; equals by shared neighbours, then by key.
    """
    mine, around = frozenset(own), frozenset(tied)
    found = []
    for node, number in shared.items():
        theirs = counts[node] - (node in around)
        value = measure.of(number, len(mine) - (node in mine), theirs)
        found.append(Likeness(node, value, number, theirs))
    return sorted(found, key=lambda one: (-one.value, -one.shared, one.node))
