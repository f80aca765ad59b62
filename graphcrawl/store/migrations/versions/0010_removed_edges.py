"""An index of the connections that no longer stand: the others are read without looking at rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

REMOVED = sa.text("removed_at IS NOT NULL")


def upgrade() -> None:
    """Bring a database to revision 0010: nothing that is there changes."""
    op.create_index(
        "ix_edges_removed",
        "edges",
        ["removed_at"],
        sqlite_where=REMOVED,
        postgresql_where=REMOVED,
    )
