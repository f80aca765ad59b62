"""Writing a database's graph for other programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from graphcrawl.database.file import DatabaseFile
from graphcrawl.store import open_for_reading

if TYPE_CHECKING:
    from graphcrawl.export import (
        Contents,
        ExportFormat,
    )
    from graphcrawl.graph.conditions import Filter
    from graphcrawl.model import Origin


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export holds."""

    nodes: int
    edges: int
    origin: Origin


class Exporting(DatabaseFile):
    """Write the graph for other programs."""

    __slots__ = ()

    def export(
        self,
        output: Path,
        format: ExportFormat,
        *,
        crawl_id: int | None = None,
        filters: Sequence[Filter] = (),
        force: bool = False,
    ) -> Exported:
        """Write one crawl, or the whole database, as a file of its own.

        Parameters
        ----------
        output : Path
            A folder for csv and parquet, whose tables are files of their own.
        format : ExportFormat
        crawl_id : int or None
        filters : sequence of Filter
            Only accounts that fulfil all of them, and the edges between them.
        force : bool
            Replace what is there.

        Raises
        ------
        FileRefused
            If something is there that is not to be replaced, or the path cannot be written.
        InputError
            If the format needs a library that is not installed, or cannot hold so much.
        NothingFound
            If there is no such crawl, no account, or none that fulfils the filters.
        StoreError
            If there is no database, or it cannot be read.
        """
        from graphcrawl.export import check_output, write_export

        check_output(output, format, force=force)
        return self._exported(
            format,
            crawl_id,
            filters,
            lambda contents: write_export(contents, output, format, force=force),
        )

    def export_to(
        self,
        stream: BinaryIO,
        format: ExportFormat,
        *,
        crawl_id: int | None = None,
        filters: Sequence[Filter] = (),
    ) -> Exported:
        """Write what `export` writes into a stream; raises alike.

        Raises
        ------
        InputError
            If the format is several files.
        """
        from graphcrawl.export import stream_export

        return self._exported(
            format, crawl_id, filters, lambda contents: stream_export(contents, stream, format)
        )

    def export_datasette(self, output: Path, *, force: bool = False) -> None:
        """Write what Datasette is to be told of this database, as its metadata.json.

        Raises
        ------
        FileRefused
            If something is there that is not to be replaced, or the path cannot be written.
        StoreError
            If there is no database, or it cannot be read.
        """
        from graphcrawl.datasette import write_metadata

        with closing(open_for_reading(self.path)) as store:
            write_metadata(store, output, force=force)

    def datasette_metadata(self) -> str:
        """Give what `export_datasette` writes; raises alike."""
        from graphcrawl.datasette import metadata_of

        with closing(open_for_reading(self.path)) as store:
            return metadata_of(store)

    def _exported(
        self,
        format: ExportFormat,
        crawl_id: int | None,
        filters: Sequence[Filter],
        write: Callable[[Contents], None],
    ) -> Exported:
        from graphcrawl.export import NAMED, ExportFormat, check_library
        from graphcrawl.exports import contents_of

        check_library(format)
        with closing(open_for_reading(self.path)) as store:
            contents = contents_of(
                store,
                crawl_id,
                filters,
                is_drawn=format is ExportFormat.GEXF,
                named=format in NAMED,
            )
            write(contents)
            return Exported(contents.nodes.count, contents.edges.count, store.origin)
