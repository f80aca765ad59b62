"""When accounts failed; visits of a ring are found quickly."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring a database to revision 0005: nothing that is there changes."""
    # Made anew, or the column would stand behind the constraints.
    with op.batch_alter_table(
        "visits", recreate="always", table_kwargs={"sqlite_with_rowid": False}
    ) as visits:
        visits.add_column(sa.Column("failed_at", sa.DateTime(timezone=True)))
    ring = sa.text("cause = 'ring'")
    op.create_index(
        "ix_visits_ring",
        "visits",
        ["node_id", "crawl_id"],
        sqlite_where=ring,
        postgresql_where=ring,
    )
