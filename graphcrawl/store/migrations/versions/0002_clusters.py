"""Clusters."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring a database of revision 0001 to 0002: nothing that is there changes."""
    op.create_table(
        "clusterings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("crawl_id", KEY),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("weight", sa.String(20), nullable=False),
        sa.Column("resolution", sa.Float(), nullable=False),
        sa.Column("rng_seed", sa.BigInteger(), nullable=False),
        sa.Column("modularity", sa.Float()),
        sa.Column("created_at", MOMENT, nullable=False),
        _primary("clusterings", "id"),
        _refers("clusterings", "crawl_id", "crawls"),
    )
    op.create_index("ix_clusterings_crawl_id", "clusterings", ["crawl_id"])
    op.create_table(
        "clusters",
        sa.Column("clustering_id", KEY, nullable=False),
        sa.Column("cluster", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text()),
        _primary("clusters", "clustering_id", "cluster"),
        _refers("clusters", "clustering_id", "clusterings"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "memberships",
        sa.Column("clustering_id", KEY, nullable=False),
        sa.Column("node_id", KEY, nullable=False),
        sa.Column("cluster", sa.Integer(), nullable=False),
        _primary("memberships", "clustering_id", "node_id"),
        _refers("memberships", "clustering_id", "clusterings"),
        _refers("memberships", "node_id", "nodes"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_memberships_node_id", "memberships", ["node_id"])


def _refers(table: str, column: str, to: str) -> Any:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def _primary(table: str, *columns: str) -> Any:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))
