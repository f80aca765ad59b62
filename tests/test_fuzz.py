"""Settings, options and file names from hostile text: a value that can serve, or one clear line."""

from __future__ import annotations

import atexit
import os
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from graphcrawl.cli.options import parse_depth
from graphcrawl.errors import InputError, MissingCredentials, StoreError
from graphcrawl.graph.conditions import parse_filter
from graphcrawl.outputs import map_name
from graphcrawl.settings import load_settings
from graphcrawl.store import database_path
from tests.fuzzing import NASTY, assert_one_line, encoded, fuzzed, mangled, mutated

SECRET: Final = "tok-MARKER"
DOTENV: Final = f"# mine\nexport HYPEAUDITOR_ID=1\nHYPEAUDITOR_TOKEN='{SECRET}'\nOTHER=\"x\ny\"\n"
CONFIG: Final = (
    f'client_id = 12\ntoken = "{SECRET}"\nurl = "https://hypeauditor.com"\ndb = "a.db"\n'
)
FILTERS: Final = ("network=instagram", "followers>=1M", "subscribers>10", "state=READY", "depth<2")
LONGEST_NAME: Final = 255
"""Bytes that a file's name may have on the usual file systems."""


@cache
def scratch() -> Path:
    """Give one folder for all cases: deleting a folder takes longer than all else in them."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return Path(folder.name)


@fuzzed(8_000)
def test_fuzzed_settings(chance: Random) -> None:
    environ = {
        name: mutated(chance, text).replace("\0", "")
        for name, text in {"HYPEAUDITOR_ID": "1", "HYPEAUDITOR_TOKEN": SECRET}.items()
        if chance.random() < 0.3
    }
    folder = scratch()
    for file, text in ((".env", DOTENV), ("config.toml", CONFIG)):
        (folder / file).unlink(missing_ok=True)
        if chance.random() < 0.8:
            content = mangled(chance, encoded(mutated(chance, text)))
            (folder / file).write_bytes(content)
    try:
        settings = load_settings(flags={}, environ=environ, cwd=folder, config_dir=folder)
        credentials = settings.require_credentials()
    except (InputError, MissingCredentials) as error:
        assert_one_line(error)
        assert_hidden(str(error))
        return
    for secret in (credentials.client_id, credentials.token):
        secret.encode("latin-1")
        assert secret
        assert secret.isprintable()
        assert secret == secret.strip()
    assert_hidden(repr(settings))


def assert_hidden(text: str) -> None:
    assert SECRET not in text


@fuzzed(8_000)
def test_fuzzed_names_of_maps_stay_in_their_folder(chance: Random) -> None:
    names = (
        "instagram:nasa",
        "youtube:id:UC1",
        "../../etc/passwd",
        "(forgotten)",
        "con",
        "𠀀" * 90,
    )
    seeds = [mutated(chance, chance.choice(names), NASTY)]
    seeds *= chance.choice((1, 2, 500, 20_000))
    name = map_name(seeds, simulated=chance.random() < 0.5)
    assert os.path.basename(name) == name
    assert not set(name) & set('/\\:*?"<>|\0')
    assert not name.startswith((".", "-", "~"))
    assert name.endswith(".html")
    assert name.isprintable()
    assert len(name.encode()) <= LONGEST_NAME
    folder = Path("output")
    assert (folder / name).resolve().parent == folder.resolve()


@fuzzed(4_000)
def test_fuzzed_options(chance: Random) -> None:
    text = mutated(chance, chance.choice((*FILTERS, "2", "all", "sqlite:///x.db", "~/g.db")))
    for read in (parse_depth, parse_filter, database_path):
        with suppress(InputError, StoreError):
            read(text)
