"""What alembic runs: one transaction on the engine it was given, foreign keys off outside it."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, Engine

from graphcrawl.errors import StoreError
from graphcrawl.store.schema import Base, create_triggers, create_views, drop_triggers, drop_views


def migrate(connection: Connection) -> None:
    """Run the migrations, between dropping views and triggers and making today's."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        drop_views(connection)
        drop_triggers(connection)
        context.run_migrations()
        create_views(connection)
        create_triggers(connection)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise StoreError("the migration would leave rows that refer to nothing; it was undone")


engine: Engine = context.config.attributes["engine"]

with engine.connect() as connection:
    # Rebuilding a table with foreign keys on would cascade into the tables that refer to it. The
    # switch works only outside a transaction, so it is thrown on the driver's own connection.
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        migrate(connection)
    finally:
        driver.execute("PRAGMA foreign_keys = ON")
