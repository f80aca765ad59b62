from __future__ import annotations

import os
import stat
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcrawl.credentials import forget_credentials, store_credentials
from graphcrawl.errors import FileRefused
from graphcrawl.model import Credentials
from graphcrawl.settings import load_settings
from tests.nobody import NOBODY

OURS = Credentials("client-7", "t0k3n")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "below" / "graphcrawl"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def loaded(config: Path) -> Credentials | None:
    return load_settings(flags={}, environ={}, cwd=config.parent, config_dir=config).credentials


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(0)
    yield request.param
    os.umask(before)


def test_they_are_for_the_user_alone_whatever_the_umask(config: Path, umask: int) -> None:
    config.parent.mkdir()
    os.umask(umask)
    path = store_credentials(config, OURS)
    assert path == config / "config.toml"
    assert (mode(path), mode(config)) == (0o600, 0o700)
    assert loaded(config) == OURS
    assert [one.name for one in config.iterdir()] == ["config.toml"]


def test_a_file_that_others_could_read_is_closed_to_them(config: Path) -> None:
    config.mkdir(parents=True)
    path = config / "config.toml"
    path.write_text('token = "old"\n', encoding="utf-8")
    path.chmod(0o644)
    store_credentials(config, OURS)
    assert mode(path) == 0o600
    path.chmod(0o666)
    path.write_text('db = "x.db"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert forget_credentials(config) == path
    assert mode(path) == 0o600


def test_what_else_is_in_the_file_stays_and_so_do_comments(config: Path) -> None:
    config.mkdir(parents=True)
    path = config / "config.toml"
    path.write_bytes(
        b'\xef\xbb\xbf# mine\r\ndb = "a.db" # here\r\nclient_id = 12\r\nurl = "https://x"'
    )
    store_credentials(config, OURS)
    text = path.read_bytes().decode()
    assert text.startswith('# mine\r\ndb = "a.db" # here\r\nurl = "https://x"\n')
    assert tomllib.loads(text) == {
        "db": "a.db",
        "url": "https://x",
        "client_id": "client-7",
        "token": "t0k3n",
    }
    assert forget_credentials(config) == path
    assert path.read_bytes().decode() == '# mine\r\ndb = "a.db" # here\r\nurl = "https://x"\n'
    assert forget_credentials(config) is None


def test_a_file_of_nothing_else_goes_with_them(config: Path) -> None:
    assert forget_credentials(config) is None
    store_credentials(config, OURS)
    path = store_credentials(config, Credentials("other", "another"))
    assert loaded(config) == Credentials("other", "another")
    assert forget_credentials(config) == path
    assert list(config.iterdir()) == []


def as_toml(key: str, value: str, form: str) -> str:
    """Write one setting in one of the ways of TOML, those of several lines among them."""
    if form == "lines" and "'''" not in value and not value.startswith(("'", "\n", "\r")):
        plain = value.replace("\r", "").rstrip("'")
        if all(c in "\n\t" or (c.isprintable() and c.isascii()) for c in plain):
            return f"{key} = '''\n{plain}'''\n"
    escaped = "".join(f"\\U{ord(c):08x}" for c in value if not "\ud800" <= c <= "\udfff")
    return f'"{key}"="{escaped}" # {form}\n' if form == "quoted" else f'{key} = "{escaped}"\n'


@given(
    st.dictionaries(
        st.sampled_from(["url", "db", "token", "client_id"]),
        st.text() | st.sampled_from(["a\ntoken = 1\nb", "\ntoken=\n", "\x7f", "'\"\\", "🙂"]),
    ),
    st.lists(st.sampled_from(["lines", "quoted", "plain"]), min_size=4, max_size=4),
    st.text(
        st.characters(min_codepoint=33, max_codepoint=255, exclude_categories=["Cc", "Cf", "Zs"]),
        min_size=1,
    ),
)
def test_every_other_setting_means_the_same_after_both(
    held: dict[str, str], forms: list[str], token: str
) -> None:
    text = "".join(
        as_toml(key, value, form) for (key, value), form in zip(held.items(), forms, strict=False)
    )
    before = tomllib.loads(text)
    with tempfile.TemporaryDirectory() as name:
        config = Path(name)
        path = config / "config.toml"
        path.write_text(text, encoding="utf-8")
        store_credentials(config, Credentials("c", token))
        stored = tomllib.loads(path.read_bytes().decode())
        assert stored == {**before, "client_id": "c", "token": token}
        forget_credentials(config)
        rest = tomllib.loads(path.read_bytes().decode()) if path.exists() else {}
    assert rest == {key: value for key, value in before.items() if key in ("url", "db")}


def test_a_link_is_refused(config: Path, tmp_path: Path) -> None:
    config.mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text('db = "x"\n', encoding="utf-8")
    (config / "config.toml").symlink_to(elsewhere)
    with pytest.raises(FileRefused, match="is a link"):
        store_credentials(config, OURS)
    with pytest.raises(FileRefused, match="is a link"):
        forget_credentials(config)
    assert elsewhere.read_text(encoding="utf-8") == 'db = "x"\n'
    (config / "config.toml").unlink()
    (tmp_path / "link").symlink_to(config)
    with pytest.raises(FileRefused, match="is a link"):
        store_credentials(tmp_path / "link", OURS)
    (config / "config.toml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileRefused, match="is a link"):
        store_credentials(config, OURS)
    assert not (tmp_path / "nowhere").exists()


def test_what_is_no_file_is_refused(config: Path) -> None:
    config.mkdir(parents=True)
    os.mkfifo(config / "config.toml")
    with pytest.raises(FileRefused, match="no file of yours"):
        store_credentials(config, OURS)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file another's")
def test_a_file_or_folder_of_someone_else_is_refused(config: Path) -> None:
    path = store_credentials(config, OURS)
    before = path.read_bytes()
    os.chown(path, NOBODY, NOBODY)
    with pytest.raises(FileRefused, match="no file of yours"):
        store_credentials(config, Credentials("a", "b"))
    os.chown(path, 0, 0)
    os.chown(config, NOBODY, NOBODY)
    with pytest.raises(FileRefused, match="not yours"):
        store_credentials(config, Credentials("a", "b"))
    assert path.read_bytes() == before


@pytest.mark.parametrize("rights", [0o770, 0o707, 0o777])
def test_a_folder_that_others_may_write_into_is_refused(config: Path, rights: int) -> None:
    config.mkdir(parents=True)
    config.chmod(rights)
    with pytest.raises(FileRefused, match="chmod go-w"):
        store_credentials(config, OURS)
    assert list(config.iterdir()) == []


def test_a_file_in_the_folders_place_is_refused(config: Path) -> None:
    config.parent.mkdir(parents=True)
    config.write_text("mine", encoding="utf-8")
    with pytest.raises(FileRefused, match="cannot be written"):
        store_credentials(config, OURS)


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("end", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_what_goes_wrong_on_the_way_leaves_the_old_file_and_no_other(
    config: Path, monkeypatch: pytest.MonkeyPatch, step: str, end: BaseException
) -> None:
    path = store_credentials(config, OURS)
    before = path.read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise end

    monkeypatch.setattr(os, step, fail)
    expected = FileRefused if isinstance(end, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        store_credentials(config, Credentials("a", "b"))
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert list(config.iterdir()) == [path]
