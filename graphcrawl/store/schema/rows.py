"""Tables as classes: in statements a class stands for its table, its attributes for the columns.

That is how SQLAlchemy's ORM has them too, but these are made of its Core alone. Nothing here needs
a session, a relation or a row as an object, and to load the ORM and map two dozen classes took 64
of the 220 ms from Python's start until the tables were there.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeVar, cast

from sqlalchemy import (
    Column,
    ColumnClause,
    Constraint,
    ForeignKey,
    FromClause,
    Index,
    MetaData,
    Table,
)
from sqlalchemy.types import TypeEngine

R = TypeVar("R", bound="RowClass")
T = TypeVar("T")


class RowClass:
    """A class whose rows are a table's; a subclass that names one makes it.

    The table's columns are the class's attributes, in their order; `__table_args__` adds indexes
    and constraints, and what else the class is given are the table's options. A subclass that
    names none is a base for those that do, and brings their `metadata`.

    Examples
    --------
    >>> from sqlalchemy import Text
    >>> class Base(RowClass):
    ...     metadata = MetaData()
    >>> class TagRow(Base, table="tags"):
    ...     tag = column(Text, primary_key=True, doc="In small letters.")
    ...     sense = nullable(Text, doc="What it stands for.")
    >>> print(TagRow.sense.is_(None))
    tags.sense IS NULL
    >>> print(alias_of(TagRow).sense == TagRow.tag)
    tags_1.sense = tags.tag
    """

    metadata: ClassVar[MetaData]
    __table_args__: ClassVar[tuple[Index | Constraint, ...]] = ()
    __table__: ClassVar[FromClause]

    def __init_subclass__(cls, *, table: str | None = None, **options: Any) -> None:
        """Make the class's table, if it names one."""
        if table is None:
            return
        columns = {name: value for name, value in vars(cls).items() if isinstance(value, Column)}
        for name, one in columns.items():
            one.name = name
        cls.__table__ = Table(
            table, cls.metadata, *columns.values(), *cls.__table_args__, **options
        )

    @classmethod
    def __clause_element__(cls) -> FromClause:
        """Give what SQLAlchemy reads where the class itself stands in a statement."""
        return cls.__table__


def column(
    kind: TypeEngine[T] | type[TypeEngine[T]],
    *references: ForeignKey,
    primary_key: bool = False,
    autoincrement: bool | Literal["auto"] = "auto",
    default: T | None = None,
    doc: str | None = None,
) -> ColumnClause[T]:
    """Declare a column that has a value in every row.

    Its type is told as `ColumnClause`, since a type checker knows a class's attributes that are
    `Column` for nothing: SQLAlchemy wants those read from a table.

    Parameters
    ----------
    kind : TypeEngine
    references : ForeignKey
    primary_key, autoincrement, default
        As `sqlalchemy.Column` has them.
    doc : str or None
        Its sentence; a reference speaks for itself.
    """
    return Column(
        kind,
        *references,
        nullable=False,
        primary_key=primary_key,
        autoincrement=autoincrement,
        default=default,
        doc=doc,
    )


def nullable(
    kind: TypeEngine[T] | type[TypeEngine[T]], *references: ForeignKey, doc: str
) -> ColumnClause[T | None]:
    """Declare a column that may be NULL, as `column` does one that may not."""
    made: Column[T | None] = Column(kind, *references, nullable=True, doc=doc)
    return made


def table_of(row: type[RowClass]) -> Table:
    """Give a row class's table."""
    table = row.__table__
    assert isinstance(table, Table)
    return table


def alias_of(row: type[R]) -> type[R]:
    """Give a row class for the same table under another name, to be joined with the first."""
    alias = row.__table__.alias()
    return cast("type[R]", type(row.__name__, (row,), {"__table__": alias, **dict(alias.c)}))
