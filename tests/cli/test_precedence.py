"""Flag, environment, .env, configuration file, default: from the command line to the server."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from graphcrawl.simulator import Access, Simulator
from tests.cli.running import Cli, Tree

SEED = ("seed", "instagram:a0", "-d", "1", "--rate", "0", "--no-map")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.setenv("GRAPHCRAWL_CONFIG_DIR", str(folder))
    return folder / "config.toml"


def test_of_the_database_the_nearest_place_counts(
    cli: Cli, folder: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Simulator(Tree()) as server:
        credentials = f'client_id = "1"\ntoken = "t"\nurl = "{server.url}"\n'
        config.write_text(credentials, encoding="utf-8")

        def crawled(*flags: str) -> str:
            before = set(folder.rglob("*.db"))
            ended = cli(*SEED, *flags)
            assert ended.code == 0, ended.err
            (made,) = set(folder.rglob("*.db")) - before
            path = str(made.relative_to(folder))
            assert f"  database  {path}\n" in ended.out
            assert cli("crawls", *flags).code == 0
            return path

        assert crawled() == "output/graph.db"
        config.write_text(f'{credentials}db = "of-config.db"\n', encoding="utf-8")
        assert crawled() == "of-config.db"
        Path(".env").write_text("GRAPHCRAWL_DB=of-dotenv.db\n", encoding="utf-8")
        assert crawled() == "of-dotenv.db"
        monkeypatch.setenv("GRAPHCRAWL_DB", "of-environment.db")
        assert crawled() == "of-environment.db"
        assert crawled("--db", "of-flag.db") == "of-flag.db"


def test_of_the_address_and_the_token_the_nearest_place_counts(
    cli: Cli, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as running:

        def start(token: str) -> Simulator:
            return running.enter_context(Simulator(Tree(), access=Access(token=token)))

        in_config, in_dotenv, in_environment = map(start, ("of-config", "of-dotenv", "of-env"))
        config.write_text(
            f'client_id = "1"\ntoken = "of-config"\nurl = "{in_config.url}"\n', encoding="utf-8"
        )
        assert cli(*SEED).code == 0
        assert (in_config.total, in_dotenv.total, in_environment.total) == (1, 0, 0)
        dotenv = f"HYPEAUDITOR_URL={in_dotenv.url}\nHYPEAUDITOR_TOKEN=of-dotenv\n"
        Path(".env").write_text(dotenv, encoding="utf-8")
        assert cli(*SEED).code == 0
        assert (in_config.total, in_dotenv.total, in_environment.total) == (1, 1, 0)
        monkeypatch.setenv("HYPEAUDITOR_URL", in_environment.url)
        monkeypatch.setenv("HYPEAUDITOR_TOKEN", "of-env")
        assert cli(*SEED).code == 0
        assert (in_config.total, in_dotenv.total, in_environment.total) == (1, 1, 1)
        detail = {row["check"]: row["detail"] for row in cli("doctor", "-f", "json").rows()}
        assert "token from environment" in detail["credentials"]
        assert "from environment" in detail["address"]


def test_a_demo_asks_neither_file_nor_environment(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHCRAWL_DB", "real.db")
    monkeypatch.setenv("HYPEAUDITOR_URL", "http://127.0.0.1:9")
    assert cli("seed", "instagram:nasa", "-d", "1", "--demo", "--no-map").code == 0
    assert [path.name for path in folder.rglob("*.db")] == ["demo.db"]
    assert cli("resume", "1", "-d", "2", "--demo", "--no-map", "--db", "output/demo.db").code == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".env", "this is no setting\n"),
        ("config.toml", "token = \n"),
        ("config.toml", "tokne = 't'"),
    ],
)
def test_a_broken_file_of_settings_is_named(
    cli: Cli, config: Path, name: str, content: str
) -> None:
    (Path(name) if name == ".env" else config).write_text(content, encoding="utf-8")
    ended = cli("crawls")
    assert ended.code == 2
    assert name in ended.line
