"""Bringing a database of an earlier graphcrawl up to today's tables.

alembic is imported here and nowhere else: it takes 300 ms, and a database of today needs none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from graphcrawl.errors import StoreError
from graphcrawl.store.name_index import bring_up_to_date

FIRST_WITH_INDEX: Final = "0008"
"""Databases of earlier revisions have no index of names yet."""


def configuration(engine: Engine) -> Config:
    """Give alembic's settings for a database."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, path: Path, revision: str | None) -> None:
    """Run the migrations that the database has not seen, in one transaction; index the names.

    Raises
    ------
    StoreError
        If it was made by a newer graphcrawl than this one.
    """
    refuse_newer(engine, path, revision)
    command.upgrade(configuration(engine), "head")
    if (revision or "") < FIRST_WITH_INDEX:
        bring_up_to_date(engine)


def refuse_newer(engine: Engine, path: Path, revision: str | None) -> None:
    """Refuse a database whose tables are of a revision that no migration here leads to.

    Raises
    ------
    StoreError
    """
    scripts = ScriptDirectory.from_config(configuration(engine))
    known = {script.revision for script in scripts.walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(
            f"database {path} was made by a newer graphcrawl (its tables are of revision "
            f"{revision}); bring graphcrawl up to date"
        )
