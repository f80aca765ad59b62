"""An index that says which connections stand: to read a graph, no row has to be looked up."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEX = "ix_edges_target_id"


def upgrade() -> None:
    """Bring a database to revision 0010: nothing that is there changes."""
    op.drop_index(INDEX, "edges")
    op.create_index(INDEX, "edges", ["target_id", "removed_at"])
