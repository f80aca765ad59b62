"""What was found in a graph, as one value for those who draw or write it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphcrawl.graph.creators import Creator

if TYPE_CHECKING:
    from graphcrawl.graph.communities import Community


@dataclass(frozen=True, slots=True)
class Found:
    """Communities and creators of a graph, or of a larger one that it was taken from.

    Attributes
    ----------
    communities : tuple of Community
        The largest first; an account is in one of them at most.
    creators : tuple of Creator
        The most followed first; an account is in one of them at most.
    """

    communities: tuple[Community, ...] = ()
    creators: tuple[Creator, ...] = ()
