"""Classes that stand for tables: in every kind of statement, under a second name, as declared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    create_engine,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from graphcrawl.store.schema.rows import RowClass, alias_of, column, nullable, table_of


class _Base(RowClass):
    metadata = MetaData()


class _StepRow(_Base, table="steps", sqlite_with_rowid=False):
    __table_args__ = (
        Index("ix_steps_after", "after"),
        CheckConstraint("id <> after", name="no_loop"),
    )

    id = column(Integer, primary_key=True)
    name = column(Text, default="a step")
    after = nullable(Integer, ForeignKey("steps.id"), doc="NULL: the first.")


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        _Base.metadata.create_all(connection)
        first, later = {"id": 1, "name": "in"}, {"id": 2, "after": 1}
        connection.execute(insert(_StepRow).values(first))
        connection.execute(insert(_StepRow).values(later))
        yield connection
    engine.dispose()


def test_a_class_makes_its_table_as_it_is_declared(connection: Connection) -> None:
    assert [one.name for one in table_of(_StepRow).columns] == ["id", "name", "after"]
    made = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master ORDER BY name").all()
    assert [name for name, _ in made] == ["ix_steps_after", "steps"]
    for words in ("WITHOUT ROWID", "name TEXT NOT NULL", "no_loop CHECK (id <> after)"):
        assert words in made[1][1]
    with pytest.raises(IntegrityError):
        connection.execute(insert(_StepRow).values(id=3, name=None))


def test_a_class_stands_for_its_table_in_every_statement(connection: Connection) -> None:
    connection.execute(update(_StepRow).where(_StepRow.id == 2).values(name="out"))
    assert [*map(repr, connection.execute(select(_StepRow)))] == [
        "(1, 'in', None)",
        "(2, 'out', 1)",
    ]
    connection.execute(delete(_StepRow).where(_StepRow.after.is_not(None)))
    assert connection.execute(select(_StepRow.name)).scalars().all() == ["in"]


def test_an_alias_is_the_same_table_read_beside_itself(connection: Connection) -> None:
    before, further = alias_of(_StepRow), alias_of(_StepRow)
    query = (
        select(_StepRow.name, before.name)
        .join(before, before.id == _StepRow.after)
        .outerjoin(further, further.id == before.after)
        .where(further.id.is_(None))
    )
    assert connection.execute(query).all() == [("a step", "in")]
    assert list(_Base.metadata.tables) == ["steps"]
