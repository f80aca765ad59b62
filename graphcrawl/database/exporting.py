"""Writing a database's graph for other programs."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from graphcrawl.database.file import DatabaseFile
from graphcrawl.database.given import Condition, conditions
from graphcrawl.errors import InputError
from graphcrawl.store import open_for_reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from graphcrawl.export import (
        Contents,
        ExportFormat,
    )
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
        output: str | Path,
        format: str,
        *,
        crawl_id: int | None = None,
        filters: Iterable[Condition] = (),
        force: bool = False,
    ) -> Exported:
        """Write one crawl, or the whole database, as a file of its own.

        Parameters
        ----------
        output : str or Path
            A folder for csv and parquet, whose tables are files of their own.
        format : str or ExportFormat
            ``gexf``, ``graphml``, ``csv``, ``json``, ``parquet`` or ``xlsx``.
        crawl_id : int or None
        filters : iterable of str or Filter
            Only accounts that fulfil all of them, and the edges between them.
        force : bool
            Replace what is there.

        Raises
        ------
        FileRefused
            If something is there that is not to be replaced, or the path cannot be written.
        InputError
            If the format is none, needs a library that is not installed, or cannot hold so much.
        NothingFound
            If there is no such crawl, no account, or none that fulfils the filters.
        StoreError
            If there is no database, or it cannot be read.
        """
        from graphcrawl.export import check_output, write_export

        form, place = _format(format), Path(output)
        check_output(place, form, force=force)
        return self._exported(
            form,
            crawl_id,
            filters,
            lambda contents: write_export(contents, place, form, force=force),
        )

    def export_to(
        self,
        stream: BinaryIO,
        format: str,
        *,
        crawl_id: int | None = None,
        filters: Iterable[Condition] = (),
    ) -> Exported:
        """Write what `export` writes into a stream; raises alike.

        Raises
        ------
        InputError
            If the format is none, or several files.
        """
        from graphcrawl.export import stream_export

        form = _format(format)
        return self._exported(
            form, crawl_id, filters, lambda contents: stream_export(contents, stream, form)
        )

    def export_datasette(self, output: str | Path, *, force: bool = False) -> None:
        """Write what Datasette is to be told of this database, as its metadata.json.

        Raises
        ------
        FileRefused
            If something is there that is not to be replaced, or the path cannot be written.
        StoreError
            If there is no database, or it cannot be read.
        """
        from graphcrawl.outputs import write_metadata

        with closing(open_for_reading(self.path)) as store:
            write_metadata(store, Path(output), force=force)

    def datasette_metadata(self) -> str:
        """Give what `export_datasette` writes; raises alike."""
        from graphcrawl.outputs import metadata_of

        with closing(open_for_reading(self.path)) as store:
            return metadata_of(store)

    def _exported(
        self,
        format: ExportFormat,
        crawl_id: int | None,
        filters: Iterable[Condition],
        write: Callable[[Contents], None],
    ) -> Exported:
        from graphcrawl.export import NAMED, ExportFormat, check_library
        from graphcrawl.outputs import contents_of

        check_library(format)
        with closing(open_for_reading(self.path)) as store:
            contents = contents_of(
                store,
                crawl_id,
                conditions(filters),
                is_drawn=format is ExportFormat.GEXF,
                named=format in NAMED,
            )
            write(contents)
            return Exported(contents.nodes.count, contents.edges.count, store.origin)


def _format(format: str) -> ExportFormat:
    from graphcrawl.export import ExportFormat

    if format not in set(ExportFormat):
        raise InputError(f"{format!r} is no format of exports; they are {', '.join(ExportFormat)}")
    return ExportFormat(format)
