"""The command line that repeats a crawl, as it can be cited and pasted into a shell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from graphcrawl.addresses import parse_account, read_seed_lines
from graphcrawl.cli.options import quoted
from graphcrawl.errors import AccountTextError
from graphcrawl.model import AccountRef
from graphcrawl.settings import DEFAULT_URL

MOST_ARGUMENTS: Final = 2_000
"""Accounts named one by one: with far more a system starts no program."""

NO_OPTIONS: Final = frozenset({"url", "version"})
"""Settings that are recorded and that no option of ``seed`` gives."""

HEADER: Final = "network,username,id"


def repeating_command(
    seeds: Sequence[AccountRef | None], settings: Mapping[str, Any], *, database: str
) -> str | None:
    """Write the command that begins the same crawl anew.

    Parameters
    ----------
    seeds : sequence of (AccountRef or None)
        None: one that was forgotten on purpose; it is left out.
    settings : mapping
        As recorded, each under the name of its option.
    database : str
        The file's path, as it can be typed.

    Returns
    -------
    str or None
        For a POSIX shell; None where no command can name the seeds, or none is left.

    Examples
    --------
    >>> seeds = [AccountRef("instagram", "nasa")]
    >>> repeating_command(seeds, {"depth": 2, "rate": 95}, database="g.db")
    'graphcrawl seed instagram:nasa --depth 2 --rate 95 --db g.db'
    """
    known = [seed for seed in seeds if seed is not None]
    options = " ".join(map(quoted, [*_options(settings), "--db", database]))
    if not known:
        return None
    if len(known) <= MOST_ARGUMENTS and all(map(_is_argument, known)):
        accounts = " ".join(quoted(str(seed)) for seed in known)
        return f"{_environment(settings)}graphcrawl seed {accounts} {options}"
    rows = list(map(_row, known))
    if not _is_list(rows, known):
        return None
    # printf is the shell's own, so that no limit of the system's holds for its arguments.
    lines = " ".join(map(quoted, [HEADER, *rows]))
    return f"printf '%s\\n' {lines} | {_environment(settings)}graphcrawl seed --from - {options}"


def _options(settings: Mapping[str, Any]) -> Iterator[str]:
    for name, value in map(_spelled, settings.items()):
        option = f"--{name.replace('_', '-')}"
        if name in NO_OPTIONS or isinstance(value, dict):
            continue
        if name == "depth" and value is None:
            yield from (option, "all", "--yes")
        elif value is True:
            yield option
        elif isinstance(value, list):
            for one in value:
                yield from (option, str(one))
        elif value is not None and value is not False:
            yield from (option, str(value))


def _spelled(setting: tuple[str, Any]) -> tuple[str, Any]:
    """Give a setting under the name of its option, as that is typed."""
    match setting:
        case ("max_time", int() | float() as seconds):
            return "max_time", f"{seconds:g}s"
        case ("skip_states", states):
            return "skip_state", states
        case ("exclude", list() as accounts):
            refs = [AccountRef(one["network"], one["username"], one["id"]) for one in accounts]
            return "exclude", list(map(str, refs))
    return setting


def _environment(settings: Mapping[str, Any]) -> str:
    """Name a server that is neither the vendor's nor of the demo's own making."""
    url = settings.get("url", DEFAULT_URL)
    return "" if settings.get("demo") or url == DEFAULT_URL else f"HYPEAUDITOR_URL={quoted(url)} "


def _is_argument(seed: AccountRef) -> bool:
    try:
        return parse_account(str(seed)) == seed
    except AccountTextError:
        return False


def _row(seed: AccountRef) -> str:
    return f"{seed.network},{seed.username or ''},{seed.social_id or ''}"


def _is_list(rows: Sequence[str], seeds: Sequence[AccountRef]) -> bool:
    """Tell whether ``--from`` would read these seeds, whatever a program put into them."""
    try:
        return read_seed_lines([HEADER, *rows], source="") == list(seeds)
    except AccountTextError:
        return False
