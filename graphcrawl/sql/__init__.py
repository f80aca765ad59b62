"""Anyone's SQL against a file, one reading statement at a time; ready-made ones; words of it.

Only the standard library is imported: a shell that completes a name waits for no other.
"""

from graphcrawl.sql.named import NAMED, NamedQuery, named_query
from graphcrawl.sql.query import QueryResult, run_query

__all__ = ["NAMED", "NamedQuery", "QueryResult", "named_query", "run_query"]
