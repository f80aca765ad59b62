"""What alembic runs: one transaction on the engine it was given, foreign keys off outside it."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Engine

from graphcrawl.store.schema import Base

engine: Engine = context.config.attributes["engine"]

with engine.connect() as connection:
    # Rebuilding a table with foreign keys on would cascade into the tables that refer to it. The
    # switch works only outside a transaction, so it is thrown on the driver's own connection.
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    finally:
        driver.execute("PRAGMA foreign_keys = ON")
