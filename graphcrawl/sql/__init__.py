"""Anyone's SQL against a file, one reading statement at a time; it knows no tables.

Only the standard library is imported: a shell that completes a name waits for no other.
"""

from graphcrawl.sql.query import QueryResult, run_query

__all__ = ["QueryResult", "run_query"]
