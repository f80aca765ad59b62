"""Visits without a depth: an imported graph need not tell where its crawl began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
INDEXES = {
    "ix_visits_waiting": (["crawl_id", "depth", "node_id"], "status = 'queued'"),
    "ix_visits_node_id": (["node_id"], None),
    "ix_visits_ring": (["node_id", "crawl_id"], "cause = 'ring'"),
}
COLUMNS = (
    "crawl_id, node_id, depth, status, attempts, postponed, retry_at, cause, error, answer_id, "
    "failed_at"
)
COPY = f"INSERT INTO visits ({COLUMNS}) SELECT {COLUMNS} FROM visits_before"  # noqa: S608


def upgrade() -> None:
    """Bring a database to revision 0009: nothing that is there changes.

    The table is made anew: SQLite lets no column forget that it must not be NULL.
    """
    for name in INDEXES:
        op.drop_index(name, "visits")
    op.rename_table("visits", "visits_before")
    _create_visits()
    op.execute(COPY)
    op.drop_table("visits_before")
    for name, (columns, condition) in INDEXES.items():
        where = None if condition is None else sa.text(condition)
        op.create_index(name, "visits", columns, sqlite_where=where, postgresql_where=where)


def _create_visits() -> None:
    op.create_table(
        "visits",
        sa.Column("crawl_id", KEY, nullable=False),
        sa.Column("node_id", KEY, nullable=False),
        sa.Column("depth", sa.Integer()),
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
