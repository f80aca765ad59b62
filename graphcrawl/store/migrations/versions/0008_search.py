"""The index of names and titles; it is filled after all migrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = """
CREATE VIRTUAL TABLE account_search USING fts5(username, title, former, tokenize = 'trigram')
"""


def upgrade() -> None:
    """Bring a database to revision 0008; the triggers are made like the views, at the end."""
    op.create_table(
        "search_waiting",
        sa.Column("node_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("node_id", name=op.f("pk_search_waiting")),
        sa.ForeignKeyConstraint(
            ["node_id"], ["nodes.id"], name=op.f("fk_search_waiting_node_id"), ondelete="CASCADE"
        ),
    )
    op.execute(TABLE)
