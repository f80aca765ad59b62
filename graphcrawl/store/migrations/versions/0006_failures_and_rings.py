"""When accounts failed; visits of a ring are found quickly."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
COPY = """
INSERT INTO visits (crawl_id, node_id, depth, status, attempts, postponed, retry_at, cause, error,
                    answer_id)
SELECT crawl_id, node_id, depth, status, attempts, postponed, retry_at, cause, error, answer_id
FROM visits_before
"""


def upgrade() -> None:
    """Bring a database to revision 0006: nothing that is there changes.

    The table is made anew: SQLite puts a column that is added behind the constraints.
    """
    op.drop_index("ix_visits_waiting", "visits")
    op.drop_index("ix_visits_node_id", "visits")
    op.rename_table("visits", "visits_before")
    _create_visits()
    op.execute(COPY)
    op.drop_table("visits_before")
    waiting, ring = sa.text("status = 'queued'"), sa.text("cause = 'ring'")
    op.create_index(
        "ix_visits_waiting",
        "visits",
        ["crawl_id", "depth", "node_id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_visits_node_id", "visits", ["node_id"])
    op.create_index(
        "ix_visits_ring",
        "visits",
        ["node_id", "crawl_id"],
        sqlite_where=ring,
        postgresql_where=ring,
    )


def _create_visits() -> None:
    op.create_table(
        "visits",
        sa.Column("crawl_id", KEY, nullable=False),
        sa.Column("node_id", KEY, nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("postponed", sa.Integer(), nullable=False),
        sa.Column("retry_at", MOMENT),
        sa.Column("cause", sa.Text()),
        sa.Column("error", sa.Text()),
        sa.Column("answer_id", KEY),
        sa.Column("failed_at", MOMENT),
        sa.PrimaryKeyConstraint("crawl_id", "node_id", name=op.f("pk_visits")),
        _refers("crawl_id", "crawls"),
        _refers("node_id", "nodes"),
        _refers("answer_id", "answers", deleted="SET NULL"),
        sqlite_with_rowid=False,
    )


def _refers(column: str, table: str, *, deleted: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_visits_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete=deleted)
