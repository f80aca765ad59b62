"""Accounts of one owner, and what was decided about them by hand."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring a database to revision 0003."""
    op.create_table(
        "creators",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "creator_accounts",
        sa.Column("creator_id", KEY, nullable=False),
        sa.Column("node_id", KEY, nullable=False),
        sa.Column("confidence", sa.String(20), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        _primary("creator_accounts", "node_id"),
        _refers("creator_accounts", "creator_id", "creators"),
        _refers("creator_accounts", "node_id", "nodes"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_creator_accounts_creator_id", "creator_accounts", ["creator_id"])
    op.create_table(
        "creator_decisions",
        sa.Column("node_id", KEY, nullable=False),
        sa.Column("party", sa.Integer()),
        sa.Column("decided_at", MOMENT, nullable=False),
        _primary("creator_decisions", "node_id"),
        _refers("creator_decisions", "node_id", "nodes"),
        sqlite_with_rowid=False,
    )


def _refers(table: str, column: str, to: str) -> Any:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def _primary(table: str, *columns: str) -> Any:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))
