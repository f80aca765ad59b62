"""What a map's maker may choose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from graphcrawl.errors import InputError
from graphcrawl.graph.conditions import Filter


class Size(StrEnum):
    """What a mark's area tells."""

    FOLLOWERS = "followers"
    DEGREE = "degree"


class By(StrEnum):
    """What a mark stands for when the page opens."""

    ACCOUNT = "account"
    CREATOR = "creator"


class Color(StrEnum):
    """What a mark's colour tells."""

    AUTO = "auto"
    NETWORK = "network"
    CLUSTER = "cluster"
    OWN = "own"


class Arrangement(StrEnum):
    """What decides where a mark lies."""

    AUTO = "auto"
    RINGS = "rings"
    CLUSTERS = "clusters"


@dataclass(frozen=True, slots=True)
class MapOptions:
    """What a map's maker may choose.

    Attributes
    ----------
    title : str or None
        In place of the one made from the seeds.
    filters : tuple of Filter
        Only accounts that fulfil all of them are drawn.
    max_nodes : int or None
        Accounts to draw at most; the seeds are always drawn.
    size : Size
        What a mark's area tells.
    by : By
        How the page opens; it holds both where there are creators.
    color : Color
        What its colour tells at first. ``auto``: the cluster where clusters decide where it
        lies, and where two of them have five accounts or more; else the network. ``own``: what
        `column` says.
    column : str or None
        A column of one's own, or ``tag``, that colours can tell; they do at first unless another
        `color` than ``auto`` is given.
    layout : Arrangement
        What decides where it lies. ``auto``: depth up to 150 accounts, clusters beyond.
    """

    title: str | None = None
    filters: tuple[Filter, ...] = ()
    max_nodes: int | None = None
    size: Size = Size.FOLLOWERS
    by: By = By.ACCOUNT
    color: Color = Color.AUTO
    column: str | None = None
    layout: Arrangement = Arrangement.AUTO

    def __post_init__(self) -> None:
        if self.max_nodes is not None and self.max_nodes < 1:
            raise InputError(f"--max-nodes {self.max_nodes}: give a number above 0")
        if self.color is Color.OWN and self.column is None:
            raise InputError("colours of one's own need a column, or tag")
