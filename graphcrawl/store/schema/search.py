"""The index of names and titles, and the triggers that say what of it is out of date.

It is SQLite's FTS5 with its trigram tokenizer. New accounts are not indexed one by one: with 20 of
them an answer that took a third of an answer's time (0.55 ms), and in batches of 5,000 a tenth of
it. So an account beyond the index's newest one is simply not in it yet, and one whose name changed
waits in a table; both are read from `nodes` by whoever searches, and indexed while a crawl waits,
by thousands where it never does, and when a run ends.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, ForeignKey, text

from graphcrawl.store.schema.base import Base, Key
from graphcrawl.store.schema.rows import column

SEARCH: Final = "account_search"
SEARCH_COLUMNS: Final = {
    "rowid": ("number", "→ nodes.id"),
    "username": ("text", "Without capitals, accents and punctuation; a space at both ends."),
    "title": ("text", "Likewise."),
    "former": ("text", "Usernames and titles of before, likewise."),
}
SEARCH_SENTENCE: Final = (
    "The full-text index of names and titles (FTS5, trigrams), as of the end of the newest run."
)

_TABLE: Final = """
CREATE VIRTUAL TABLE account_search USING fts5(username, title, former, tokenize = 'trigram')
"""

_TRIGGERS: Final = {
    "search_changed": """
CREATE TRIGGER search_changed AFTER UPDATE OF username, title ON nodes
WHEN old.username IS NOT new.username OR old.title IS NOT new.title
BEGIN
    INSERT OR IGNORE INTO search_waiting (node_id) VALUES (new.id);
END
""",
    "search_deleted": """
CREATE TRIGGER search_deleted AFTER DELETE ON nodes
BEGIN
    DELETE FROM account_search WHERE rowid = old.id;
END
""",
}


class SearchWaitingRow(Base, table="search_waiting"):
    """An account whose name or title changed since the search index was brought up to date."""

    node_id = column(Key, ForeignKey("nodes.id", ondelete="CASCADE"), primary_key=True)


def create_search_table(connection: Connection) -> None:
    """Create the index, empty."""
    connection.execute(text(_TABLE))


def create_triggers(connection: Connection) -> None:
    """Create the triggers as they are today."""
    for sql in _TRIGGERS.values():
        connection.execute(text(sql))


def drop_triggers(connection: Connection) -> None:
    """Drop the triggers: rebuilding their table would lose them, and fire some."""
    for name in _TRIGGERS:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
