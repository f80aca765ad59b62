"""What a notebook does in a few lines, as docs/python.md shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import graphcrawl
from graphcrawl import CrawlOptions, Database, Origin
from graphcrawl.errors import AccountTextError, InputError, MissingCredentials, NothingFound
from tests.repository import ROOT

VARIABLES = ("HYPEAUDITOR_ID", "HYPEAUDITOR_TOKEN", "HYPEAUDITOR_URL", "GRAPHCRAWL_DB")


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of the user who runs the tests."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GRAPHCRAWL_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("GRAPHCRAWL_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return graphcrawl.open("demo.db")


@pytest.mark.parametrize("name", sorted(set(graphcrawl.__all__) - {"__version__"}))
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    assert getattr(graphcrawl, name).__doc__
    assert name in dir(graphcrawl)


def test_what_is_not_there_is_missed_like_anything_else() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        graphcrawl.nonsense  # noqa: B018


def test_a_demo_in_a_few_lines(database: Database) -> None:
    with graphcrawl.demo() as access:
        result = database.crawl(["instagram:nasa", "instagram:nasa"], access)
    assert (result.exit_code, result.record.depth, result.record.settings["rate"]) == (0, 2, 0)
    assert result.record.seeds == ("instagram:nasa",)
    held = database.totals()
    assert held == (result.record.accounts, result.record.asked, result.record.connections, 1)
    assert database.origin is Origin.SIMULATED
    assert "nasa" in database.map().html
    shown = database._repr_html_()
    assert f"{held.accounts} accounts, {held.asked} of them asked" in shown
    assert "Simulated data." in shown


def test_resume_without_words_goes_on_as_the_crawl_was_begun(database: Database) -> None:
    options = CrawlOptions(depth=2, rate=0, workers=2, max_requests=1)
    with graphcrawl.demo() as access:
        assert database.crawl(["instagram:nasa"], access, options).exit_code == 5
        went_on = database.resume(access=access)
        assert went_on is not None
        assert went_on.exit_code == 0
        assert went_on.record.settings["workers"] == 2
        assert went_on.record.settings["max_requests"] is None
        assert database.resume(access=access) is None
        deeper = database.resume(1, access, CrawlOptions(depth=3, rate=0))
        assert deeper.record.accounts > went_on.record.accounts
        with pytest.raises(NothingFound):
            database.resume(7, access)


def test_a_refresh_on_another_day(database: Database) -> None:
    with graphcrawl.demo() as access:
        database.crawl(["instagram:nasa"], access)
    with graphcrawl.demo(day=30) as access:
        refreshed = database.refresh(access)
    assert refreshed is not None
    assert refreshed.exit_code == 0
    assert database.diff(1, 2).alterations


def test_accounts_conditions_and_formats_may_be_typed(database: Database, tmp_path: Path) -> None:
    with graphcrawl.demo() as access:
        database.crawl(["instagram:nasa"], access)
    database.tag(["instagram:nasa", "@nasaartemis"], ["press"])
    tagged = database.graph(filters=["tag=press"])
    assert {node.username for node in tagged.nodes} == {"nasa", "nasaartemis"}
    assert database.top(filters=["tag=press"]).size == 2
    assert database.export("two.json", "json", filters=["tag=press"]).nodes == 2
    assert database.write_note("nasaartemis", "new")[1] is None
    assert database.forget("nasaartemis").accounts == 1
    with pytest.raises(InputError, match="may be one of several"):
        database.forget("nasa")
    assert len(database.graph(filters=["tag=press"]).nodes) == 1
    with pytest.raises(InputError, match="no format"):
        database.export("two.odt", "odt")
    with pytest.raises(InputError, match="--filter"):
        database.graph(filters=["colour=red"])


def test_a_text_alone_is_one_and_not_its_letters(database: Database, tmp_path: Path) -> None:
    with graphcrawl.demo() as access:
        assert database.crawl("instagram:nasa", access).record.seeds == ("instagram:nasa",)
    database.tag("instagram:nasa", "press")
    assert list(database.own().tags.values()) == [("press",)]
    assert [node.username for node in database.graph(filters="tag=press").nodes] == ["nasa"]
    assert [str(one) for one in database.held("instagram:nasa")] == ["instagram:nasa"]
    (tmp_path / "own.csv").write_text("account,no,n\ninstagram:nasa,7,x\n")
    database.add_columns(tmp_path / "own.csv", texts=["no"])
    assert database.remove_columns("no") == 1
    assert list(database.own().columns) == ["n"]
    assert database.untag("instagram:nasa", "press").tags == 1
    assert not database.own().tags


def test_without_credentials_nothing_is_asked_or_made(database: Database) -> None:
    with pytest.raises(MissingCredentials, match="HYPEAUDITOR_ID"):
        database.crawl(["instagram:nasa"])
    assert not database.path.exists()


@pytest.mark.parametrize("text", ["nasa", "", "myspace:tom"])
def test_a_seed_as_text_names_its_network(database: Database, text: str) -> None:
    with pytest.raises(AccountTextError), graphcrawl.demo() as access:
        database.crawl([text], access)
    assert not database.path.exists()


def test_no_seed_at_all(database: Database) -> None:
    with pytest.raises(InputError), graphcrawl.demo() as access:
        database.crawl([], access)


def test_what_cannot_be_read_is_shown_as_that(tmp_path: Path) -> None:
    assert "<script>" not in graphcrawl.open("<script>.db")._repr_html_()
    strange = tmp_path / "notes.db"
    strange.write_text("mine")
    assert "no database" in graphcrawl.open(strange)._repr_html_()


def test_the_document_runs_as_it_stands(tmp_path: Path) -> None:
    """Each Python block of docs/python.md that needs no internet, in order, in one folder."""
    document = (ROOT / "docs" / "python.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", document, re.DOTALL)
    offline = [block for block in blocks if "# needs credentials" not in block]
    assert len(offline) >= 5
    space: dict[str, object] = {}
    for block in offline:
        exec(compile(block, "docs/python.md", "exec"), space)
