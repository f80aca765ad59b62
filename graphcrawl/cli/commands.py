"""The group of all commands: in the order of use, loaded one by one, honest about how they end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

from graphcrawl.cli.signals import heed_earlier

PLACES: Final = {
    "seed": "crawling.seed",
    "resume": "crawling.resume",
    "refresh": "refreshing.refresh",
    "crawls": "listing_crawls.app",
    "map": "mapping.draw",
    "clusters": "clustering.clusters",
    "creators": "listing_creators.app",
    "top": "ranking.top",
    "path": "linking.path",
    "between": "tying.between",
    "show": "showing.show",
    "similar": "likening.similar",
    "search": "searching.search",
    "diff": "comparing.diff",
    "query": "asking.query",
    "export": "exporting.app",
    "import": "importing.import_graph",
    "tag": "tagging.tag",
    "note": "tagging.note",
    "login": "logging_in.login",
    "doctor": "diagnosing.doctor",
    "forget": "forgetting.forget",
    "simulator": "simulating.simulator",
}
"""Each command in the order of use, and what it is: a function, or a group of commands."""

SETTINGS: Final[dict[str, dict[str, Any]]] = {"login": {"allow_extra_args": True}}


class Carried(Exception):
    """What Typer would have turned into an exit code of its own.

    Parameters
    ----------
    error : BaseException
        A Ctrl-C, a closed pipe, or an input that ended.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error


@contextmanager
def _carried() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, OSError, EOFError) as error:
        raise Carried(error) from error


class Loaded(Mapping[str, Any]):
    """All commands by name; the module of one is imported when it is asked for.

    Most runs want one of them, and to import and build them all takes a tenth of a second.
    """

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(PLACES)

    def __len__(self) -> int:
        return len(PLACES)

    def __contains__(self, name: object) -> bool:
        return name in PLACES

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = _command(name, PLACES[name])
        return self._made[name]


def _command(name: str, place: str) -> Any:
    module, _, member = place.partition(".")
    found = getattr(import_module(f"graphcrawl.cli.{module}"), member)
    holder = typer.Typer(rich_markup_mode=None)
    if isinstance(found, typer.Typer):
        holder.add_typer(found, name=name)
    else:
        holder.command(name, context_settings=SETTINGS.get(name))(found)
    return typer.main.get_group(holder).commands[name]


class Commands(TyperGroup):
    """All commands."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.commands: Any = Loaded()

    def list_commands(self, ctx: Any) -> list[str]:
        """Give their names in the order of use, and load none."""
        return list(self.commands)

    def make_context(self, *args: Any, **named: Any) -> Any:
        """Read the arguments; this is where help is written."""
        with _carried():
            return super().make_context(*args, **named)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with _carried():
            heed_earlier()
            return super().invoke(ctx)
