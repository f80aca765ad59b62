"""The first tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPLICATION_ID = 0x67726361
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring an empty database to revision 0001."""
    if op.get_context().dialect.name == "sqlite":
        op.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    _create_records()
    _create_nodes()
    _create_answers()
    _create_edges()
    _create_changes()
    _create_visits()


def _refers(table: str, column: str, to: str, *, deleted: str = "CASCADE") -> Any:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=deleted
    )


def _primary(table: str, *columns: str) -> Any:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _create_records() -> None:
    op.create_table(
        "database_source",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(100), nullable=False),
        _primary("database_source", "id"),
        sa.CheckConstraint("id = 1", name=op.f("ck_database_source_one_row")),
    )
    op.create_table(
        "crawls",
        sa.Column("id", KEY, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("seeds", sa.JSON(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text()),
        _primary("crawls", "id"),
    )
    op.create_table(
        "forgotten",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("forgotten_at", MOMENT, nullable=False),
        _primary("forgotten", "digest"),
    )


def _create_nodes() -> None:
    op.create_table(
        "nodes",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("social_id", sa.Text()),
        sa.Column("username", sa.Text()),
        sa.Column("name_key", sa.Text()),
        sa.Column("title", sa.Text()),
        sa.Column("avatar_url", sa.Text()),
        sa.Column("subscribers_count", sa.BigInteger()),
        sa.Column("er", sa.Float()),
        sa.Column("state", sa.Text()),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.Column("expanded_at", MOMENT),
        sa.UniqueConstraint("network", "social_id", name=op.f("uq_nodes_network_social_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_nodes_network_name_key", "nodes", ["network", "name_key"])
    op.create_table(
        "node_history",
        sa.Column("id", KEY, nullable=False),
        sa.Column("node_id", KEY, nullable=False),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.Column("valid_to", MOMENT, nullable=False),
        sa.Column("username", sa.Text()),
        sa.Column("title", sa.Text()),
        sa.Column("subscribers_count", sa.BigInteger()),
        sa.Column("er", sa.Float()),
        sa.Column("state", sa.Text()),
        _primary("node_history", "id"),
        _refers("node_history", "node_id", "nodes"),
    )
    op.create_index("ix_node_history_node_id", "node_history", ["node_id"])


def _create_answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("crawl_id", KEY, nullable=False),
        sa.Column("node_id", KEY, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("skipped_rows", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text()),
        _primary("answers", "id"),
        _refers("answers", "crawl_id", "crawls"),
        _refers("answers", "node_id", "nodes"),
    )
    op.create_index("ix_answers_crawl_id", "answers", ["crawl_id"])
    op.create_index("ix_answers_node_id", "answers", ["node_id"])


def _create_edges() -> None:
    op.create_table(
        "edges",
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("target_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.Column("answer_id", KEY, nullable=False),
        _primary("edges", "source_id", "target_id"),
        sa.CheckConstraint("source_id <> target_id", name=op.f("ck_edges_no_loop")),
        *_ends("edges"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_edges_target_id", "edges", ["target_id"])


def _ends(table: str) -> tuple[Any, ...]:
    return (
        _refers(table, "source_id", "nodes"),
        _refers(table, "target_id", "nodes"),
        _refers(table, "answer_id", "answers"),
    )


def _create_changes() -> None:
    op.create_table(
        "edge_changes",
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("target_id", KEY, nullable=False),
        sa.Column("answer_id", KEY, nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        _primary("edge_changes", "source_id", "target_id", "answer_id"),
        *_ends("edge_changes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "edge_gaps",
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("target_id", KEY, nullable=False),
        sa.Column("answer_id", KEY, nullable=False),
        _primary("edge_gaps", "source_id", "target_id", "answer_id"),
        *_ends("edge_gaps"),
        sqlite_with_rowid=False,
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
        _primary("visits", "crawl_id", "node_id"),
        _refers("visits", "crawl_id", "crawls"),
        _refers("visits", "node_id", "nodes"),
        _refers("visits", "answer_id", "answers", deleted="SET NULL"),
        sqlite_with_rowid=False,
    )
    waiting = sa.text("status = 'queued'")
    op.create_index(
        "ix_visits_waiting",
        "visits",
        ["crawl_id", "depth", "node_id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_visits_node_id", "visits", ["node_id"])
