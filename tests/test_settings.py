from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from graphcrawl.errors import MissingCredentials, SettingsError
from graphcrawl.model import Credentials
from graphcrawl.settings import Settings, current_settings, load_settings

SECRET = "s3cr3t-t0k3n"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The current folder and that of the configuration file."""
    here, config = tmp_path / "here", tmp_path / "config"
    here.mkdir()
    config.mkdir()
    return here, config


def load(
    folders: tuple[Path, Path],
    *,
    environ: Mapping[str, str] | None = None,
    dotenv: str | bytes | None = None,
    config: str | bytes | None = None,
    **flags: object | None,
) -> Settings:
    here, config_dir = folders
    for path, content in ((here / ".env", dotenv), (config_dir / "config.toml", config)):
        if content is not None:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load_settings(flags=flags, environ=environ or {}, cwd=here, config_dir=config_dir)


def refusal(folders: tuple[Path, Path], **sources: str | bytes | dict[str, str]) -> str:
    with pytest.raises(SettingsError) as refused:
        load(folders, **sources)  # type: ignore[arg-type]
    assert SECRET not in str(refused.value)
    assert str(refused.value).isprintable()
    return str(refused.value)


def test_nothing_set_gives_the_defaults(folders: tuple[Path, Path]) -> None:
    settings = load(folders)
    assert settings.url == "https://hypeauditor.com"
    assert settings.db == str(folders[0] / "output" / "graph.db")
    assert settings.credentials is None
    assert settings.origins == {
        "client_id": "not set",
        "token": "not set",
        "url": "default",
        "db": "default",
    }


def test_the_nearer_source_wins_for_each_setting(folders: tuple[Path, Path]) -> None:
    settings = load(
        folders,
        db=Path("flag.db"),
        environ={"GRAPHCRAWL_DB": "environ.db", "HYPEAUDITOR_ID": "1"},
        dotenv="GRAPHCRAWL_DB=dotenv.db\nHYPEAUDITOR_ID=2\nHYPEAUDITOR_TOKEN=t2\nOTHER=x\n",
        config='db = "c.db"\nclient_id = "3"\ntoken = "t3"\nurl = "http://127.0.0.1:9"\n',
    )
    assert settings.db == "flag.db"
    assert settings.credentials == Credentials(client_id="1", token="t2")
    assert settings.url == "http://127.0.0.1:9"
    assert settings.origins == {
        "db": "flag",
        "client_id": "environment",
        "token": ".env",
        "url": str(folders[1] / "config.toml"),
    }


@pytest.mark.parametrize("empty", ["", " ", "\t\n"])
def test_an_empty_value_counts_as_unset(folders: tuple[Path, Path], empty: str) -> None:
    settings = load(
        folders,
        db=None,
        environ={"GRAPHCRAWL_DB": empty, "HYPEAUDITOR_TOKEN": empty},
        dotenv="GRAPHCRAWL_DB=\nHYPEAUDITOR_TOKEN\n",
        config='token = ""\ndb = "from config.db"',
    )
    assert settings.db == "from config.db"
    assert settings.token is None
    assert settings.origins["token"] == "not set"


def test_an_empty_flag_is_a_mistake(folders: tuple[Path, Path]) -> None:
    with pytest.raises(SettingsError, match="--db is empty"):
        load(folders, db="")


@pytest.mark.parametrize("flag", ["token", "client_id", "rate"])
def test_a_secret_is_no_flag(folders: tuple[Path, Path], flag: str) -> None:
    with pytest.raises(ValueError, match="no such flag") as refused:
        load_settings(flags={flag: SECRET}, environ={}, cwd=folders[0], config_dir=folders[1])
    assert SECRET not in str(refused.value)


def test_a_dotenv_is_read_to_the_letter_and_changes_nothing(folders: tuple[Path, Path]) -> None:
    before = dict(os.environ)
    settings = load(
        folders,
        environ={"HOME": "/nowhere"},
        dotenv="\ufeff# mine\nexport HYPEAUDITOR_ID='17' # id\r\nHYPEAUDITOR_TOKEN=\"${HOME}\"\n",
    )
    assert settings.credentials == Credentials(client_id="17", token="${HOME}")
    assert dict(os.environ) == before


def test_a_folder_named_dotenv_is_no_settings_file(folders: tuple[Path, Path]) -> None:
    (folders[0] / ".env").mkdir()
    assert load(folders).credentials is None


def test_no_secret_is_in_a_repr(folders: tuple[Path, Path]) -> None:
    settings = load(
        folders,
        environ={
            "HYPEAUDITOR_ID": SECRET,
            "HYPEAUDITOR_TOKEN": SECRET,
            "HYPEAUDITOR_URL": f"https://user:{SECRET}@localhost",
            "GRAPHCRAWL_DB": f"postgresql://user:{SECRET}@localhost/graph",
        },
    )
    assert settings.token == SECRET
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings.origins)


def test_settings_are_frozen(folders: tuple[Path, Path]) -> None:
    settings = load(folders)
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.db = "other.db"  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.origins["db"] = "elsewhere"  # type: ignore[index]


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({}, "HYPEAUDITOR_ID and HYPEAUDITOR_TOKEN are not set: set them"),
        ({"HYPEAUDITOR_ID": "1"}, "HYPEAUDITOR_TOKEN is not set: set it"),
        ({"HYPEAUDITOR_TOKEN": SECRET}, "HYPEAUDITOR_ID is not set: set it"),
    ],
)
def test_missing_credentials_are_named_with_every_way_out(
    folders: tuple[Path, Path], environ: dict[str, str], missing: str
) -> None:
    with pytest.raises(MissingCredentials) as refused:
        load(folders, environ=environ).require_credentials()
    message = str(refused.value)
    assert message.startswith(missing)
    assert all(way in message for way in (".env", str(folders[1] / "config.toml"), "--demo"))
    assert SECRET not in message
    assert refused.value.exit_code == 3


def test_whole_credentials_are_given(folders: tuple[Path, Path]) -> None:
    settings = load(folders, environ={"HYPEAUDITOR_ID": " 1\n", "HYPEAUDITOR_TOKEN": SECRET})
    assert settings.require_credentials() == Credentials(client_id="1", token=SECRET)


@pytest.mark.parametrize("spoilt", [" ", "\r\n", "\x00", "\x1b", "\xa0", "\x85", "\u200b", "ł"])
@pytest.mark.parametrize("variable", ["HYPEAUDITOR_ID", "HYPEAUDITOR_TOKEN"])
def test_a_secret_that_no_header_can_carry_is_refused_unseen(
    folders: tuple[Path, Path], variable: str, spoilt: str
) -> None:
    message = refusal(folders, environ={variable: f"{SECRET}{spoilt}x"})
    assert message.startswith(f"{variable} (from environment) holds ")


@pytest.mark.parametrize(
    ("dotenv", "line"),
    [
        (f"HYPEAUDITOR_ID=1\n\n\nHYPEAUDITOR_TOKEN='{SECRET}\n", 4),
        (f"={SECRET}\n", 1),
        (f"# x\nHYPEAUDITOR_TOKEN={SECRET}\xe9".encode("latin-1"), 2),
    ],
)
def test_a_broken_dotenv_is_one_line_with_its_place(
    folders: tuple[Path, Path], dotenv: str | bytes, line: int
) -> None:
    message = refusal(folders, dotenv=dotenv)
    assert message.startswith(f"{folders[0] / '.env'}, line {line}: ")


@pytest.mark.parametrize(
    ("config", "line"),
    [
        (f'db = "a"\n{SECRET}\n', 2),
        (f'db = "a"\n\ntoken = {SECRET}\n', 3),
        (f'token = "{SECRET}"\ntoken = "{SECRET}"\n', 2),
        (f'token = """{SECRET}\n', 2),
        (f'token = "{SECRET}\xe9"'.encode("latin-1"), 1),
        ("db = " + "[" * 100_000, 1),
        ("client_id = " + "9" * 5_000, 1),
    ],
)
def test_a_broken_configuration_is_one_line_with_its_place(
    folders: tuple[Path, Path], config: str | bytes, line: int
) -> None:
    message = refusal(folders, config=config)
    assert message.startswith(f"{folders[1] / 'config.toml'}, line {line}: ")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (f'tokn = "{SECRET}"', "there is no setting 'tokn' (did you mean token?); there are"),
        ('[graphcrawl]\ndb = "a"', "there is no setting 'graphcrawl'; there are client_id, token"),
        ('"\\u001b[2J" = 1', "there is no setting '\\x1b[2J'"),
        ("token = 12", "token must be a text in quotes"),
        ("client_id = true", "client_id must be a text in quotes"),
        ("client_id = 0x" + "f" * 9_000, "client_id must be a text in quotes"),
    ],
)
def test_a_setting_that_is_none_is_named(
    folders: tuple[Path, Path], config: str, message: str
) -> None:
    refused = refusal(folders, config=config)
    assert refused.startswith(f"{folders[1] / 'config.toml'}: {message}")


def test_a_client_id_may_be_written_as_a_number(folders: tuple[Path, Path]) -> None:
    assert load(folders, config="client_id = 123456").client_id == "123456"


def test_a_configuration_that_cannot_be_read_is_one_line(folders: tuple[Path, Path]) -> None:
    (folders[1] / "config.toml").mkdir()
    assert refusal(folders).startswith(f"Cannot read {folders[1] / 'config.toml'}: ")


def test_a_dotenv_that_cannot_be_looked_at_is_no_folder(folders: tuple[Path, Path]) -> None:
    # A link whose target's name is too long fails wherever it is followed, also for root.
    (folders[0] / ".env").symlink_to("x" * 300)
    assert refusal(folders).startswith(f"Cannot read {folders[0] / '.env'}: ")


def test_a_current_folder_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SettingsError, match="current folder cannot be used"):
        current_settings()


def test_the_folders_can_be_moved(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "config.toml").write_text('db = "moved.db"', encoding="utf-8")
    environ = {"GRAPHCRAWL_CONFIG_DIR": "c", "GRAPHCRAWL_STATE_DIR": str(tmp_path / "state")}
    settings = load_settings(flags={}, environ=environ, cwd=tmp_path)
    assert settings.config_dir == tmp_path / "c"
    assert settings.state_dir == tmp_path / "state"
    assert settings.db == "moved.db"


def test_without_a_word_the_folders_are_the_users_own(folders: tuple[Path, Path]) -> None:
    settings = load(folders, environ={"GRAPHCRAWL_STATE_DIR": ""})
    assert settings.state_dir.is_absolute()
    assert "graphcrawl" in settings.state_dir.parts
    assert folders[0] not in settings.state_dir.parents


def test_a_home_folder_in_a_path_is_found(folders: tuple[Path, Path]) -> None:
    assert load(folders, dotenv="GRAPHCRAWL_DB=~/graph.db").db == str(Path.home() / "graph.db")
    url = "postgresql://localhost/~graph"
    assert load(folders, environ={"GRAPHCRAWL_DB": url}).db == url


def test_the_processs_own_settings(
    monkeypatch: pytest.MonkeyPatch, folders: tuple[Path, Path]
) -> None:
    monkeypatch.chdir(folders[0])
    monkeypatch.setenv("GRAPHCRAWL_CONFIG_DIR", str(folders[1]))
    monkeypatch.setenv("HYPEAUDITOR_ID", "1")
    monkeypatch.setenv("HYPEAUDITOR_TOKEN", SECRET)
    monkeypatch.setenv("GRAPHCRAWL_DB", "environ.db")
    settings = current_settings(db="flag.db", url=None)
    assert settings.credentials == Credentials(client_id="1", token=SECRET)
    assert settings.db == "flag.db"


FILES = st.one_of(
    st.binary(max_size=80),
    st.lists(
        st.sampled_from(
            [
                "HYPEAUDITOR_TOKEN",
                "token",
                "db",
                "=",
                " ",
                "\n",
                "\r",
                '"',
                "'",
                "#",
                "\\",
                "[",
                "]",
            ]
            + ["{", "}", "1", "é", "\x00", "\ufeff", "export ", ".", "1e9", "0x", "inf", "''' "]
        ),
        max_size=15,
    ).map(lambda parts: "".join(parts).encode()),
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES, FILES)
@example(b"", b"db = 2026-13-45")
def test_any_files_give_settings_or_one_clear_line(
    folders: tuple[Path, Path], dotenv: bytes, config: bytes
) -> None:
    outcome: Settings | str
    try:
        outcome = load(folders, dotenv=dotenv, config=config)
    except SettingsError as error:
        outcome = str(error)
    if isinstance(outcome, str):
        assert "\n" not in outcome
        assert any(place in outcome for place in (".env", "config.toml"))
    else:
        assert outcome.db.strip()


FOREIGN = [
    "https://api.example.org",
    "https://hypeauditor.com.example.org",
    "https://hypeauditor.com@example.org",
    "https://nothypeauditor.com",
    "https://192.0.2.1",
    "https://127.0.0.1.example.org",
    "https://[2001:db8::1]",
    "https://[",
    "example.org",
]
USUAL = [
    "https://hypeauditor.com",
    "https://api.hypeauditor.com",
    "https://HypeAuditor.com.",
    "http://127.0.0.1:8765",
    "http://127.9.9.9",
    "http://localhost:8765",
    "http://[::1]:8765",
]


@pytest.mark.parametrize("url", FOREIGN)
def test_a_folders_dotenv_cannot_send_a_token_from_elsewhere_to_its_own_server(
    folders: tuple[Path, Path], url: str
) -> None:
    dotenv = f"HYPEAUDITOR_URL={url}\nHYPEAUDITOR_ID=1\n"
    for elsewhere in (
        load(folders, dotenv=dotenv, environ={"HYPEAUDITOR_TOKEN": SECRET}),
        load(folders, dotenv=dotenv, config=f'token = "{SECRET}"'),
    ):
        with pytest.raises(SettingsError, match=r"the \.env file in this folder") as refused:
            elsewhere.require_credentials()
        assert SECRET not in str(refused.value)
        assert refused.value.exit_code == 2


@pytest.mark.parametrize("url", USUAL)
def test_the_vendor_and_this_machine_may_stand_in_any_dotenv(
    folders: tuple[Path, Path], url: str
) -> None:
    settings = load(
        folders,
        dotenv=f"HYPEAUDITOR_URL={url}\nHYPEAUDITOR_ID=1\n",
        environ={"HYPEAUDITOR_TOKEN": SECRET},
    )
    assert settings.require_credentials().token == SECRET


@pytest.mark.parametrize("url", FOREIGN)
def test_who_sets_address_and_token_in_one_place_or_the_address_elsewhere_means_it(
    folders: tuple[Path, Path], url: str
) -> None:
    both = f"HYPEAUDITOR_URL={url}\nHYPEAUDITOR_ID=1\nHYPEAUDITOR_TOKEN={SECRET}\n"
    assert load(folders, dotenv=both).require_credentials().token == SECRET
    environ = {"HYPEAUDITOR_URL": url, "HYPEAUDITOR_ID": "1", "HYPEAUDITOR_TOKEN": SECRET}
    settings = load(folders, dotenv="HYPEAUDITOR_URL=https://example.org\n", environ=environ)
    assert settings.require_credentials().token == SECRET
    assert settings.url == url


def test_without_a_token_the_missing_one_is_what_counts(folders: tuple[Path, Path]) -> None:
    settings = load(folders, dotenv="HYPEAUDITOR_URL=https://example.org\n")
    with pytest.raises(MissingCredentials):
        settings.require_credentials()
