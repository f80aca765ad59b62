"""Tags, notes and columns of users' own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring a database to revision 0007: four tables more."""
    op.create_table(
        "tags",
        sa.Column("node_id", KEY, nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("tagged_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("node_id", "tag", name=op.f("pk_tags")),
        _refers("tags", "node_id", "nodes.id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tags_tag", "tags", ["tag"])
    op.create_table(
        "notes",
        sa.Column("node_id", KEY, nullable=False, autoincrement=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("node_id", name=op.f("pk_notes")),
        _refers("notes", "node_id", "nodes.id"),
    )
    op.create_table(
        "own_columns",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_own_columns")),
        sqlite_with_rowid=False,
    )
    _create_values()


def _create_values() -> None:
    op.create_table(
        "own_values",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("node_id", KEY, nullable=False),
        sa.Column("number", sa.Numeric()),
        sa.Column("text", sa.Text()),
        sa.PrimaryKeyConstraint("name", "node_id", name=op.f("pk_own_values")),
        sa.CheckConstraint(
            "(number IS NULL) <> (text IS NULL)", name=op.f("ck_own_values_one_value")
        ),
        _refers("own_values", "name", "own_columns.name"),
        _refers("own_values", "node_id", "nodes.id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_own_values_node_id", "own_values", ["node_id"])


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [to], name=name, ondelete="CASCADE")
