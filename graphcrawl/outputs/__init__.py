"""From a database to what goes into a file: an export's contents, a page, Datasette's metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcrawl.doors import door

if TYPE_CHECKING:
    from graphcrawl.outputs.contents import contents_of
    from graphcrawl.outputs.datasette import metadata_of, write_metadata
    from graphcrawl.outputs.pages import map_name, page_and_ties_of, page_of, page_of_changes
else:
    __getattr__ = door(
        __name__,
        {
            "contents": "contents_of",
            "datasette": "metadata_of write_metadata",
            "pages": "map_name page_and_ties_of page_of page_of_changes",
        },
    )

__all__ = [
    "contents_of",
    "map_name",
    "metadata_of",
    "page_and_ties_of",
    "page_of",
    "page_of_changes",
    "write_metadata",
]
