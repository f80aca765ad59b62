"""One statement of anyone's SQL: what it reads, and all that it cannot do."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import threading
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphcrawl.errors import NotADatabase, QueryRefused, StoreError
from graphcrawl.sql.query import run_query
from tests.sql.querying import (
    ENDLESS,
    ask,
    assert_harmless,
    make_database,
    refusal,
    snapshot,
)


class TestReading:
    def test_rows_come_with_their_columns(self, database: Path) -> None:
        with run_query(database, "SELECT id, face FROM nodes WHERE id < 3 ORDER BY id") as result:
            assert result.columns == ("id", "face")
            assert list(result) == [(1, b"\x00"), (2, b"\x01")]

    @pytest.mark.parametrize(
        ("sql", "first"),
        [
            ("VALUES (1), (2)", (1,)),
            ("  -- why\n /* not ; */ select 7;  -- done", (7,)),
            ("\ufeffSELECT 7", (7,)),
            ("WITH c AS (SELECT 7 AS x) SELECT x FROM c", (7,)),
            (ENDLESS + "SELECT x FROM c LIMIT 1", (1,)),
            ("PRAGMA user_version", (0,)),
            ("PRAGMA main.table_info(nodes)", (0, "id", "INTEGER", 0, None, 1)),
            ("PRAGMA integrity_check", ("ok",)),
            ("SELECT name FROM pragma_table_info('edges')", ("source_id",)),
            ("SELECT value FROM json_each('[5]')", (5,)),
            ("SELECT title FROM names WHERE names MATCH 'tle 299'", ("Title 299",)),
            ("SELECT title FROM named LIMIT 1", ("Title 0",)),
            ("SELECT count(*) FROM (SELECT 1 UNION SELECT 2)", (2,)),
            ("SELECT row_number() OVER (ORDER BY id) FROM nodes LIMIT 1", (1,)),
            ("SELECT CAST(x'61ff' AS TEXT)", ("a\ufffd",)),
        ],
    )
    def test_reading_statements_pass(
        self, database: Path, sql: str, first: tuple[object, ...]
    ) -> None:
        assert ask(database, sql)[0] == first

    @pytest.mark.parametrize("sql", ["EXPLAIN SELECT 1", "EXPLAIN QUERY PLAN SELECT * FROM nodes"])
    def test_explain_passes(self, database: Path, sql: str) -> None:
        assert ask(database, sql)

    @pytest.mark.parametrize("sign", [":", "@", "$"])
    def test_named_parameters(self, database: Path, sign: str) -> None:
        rows = ask(database, f"SELECT username FROM nodes WHERE id = {sign}id", id="3", unused=1)
        assert rows == [("user2",)]

    def test_a_parameter_is_never_sql(self, database: Path) -> None:
        hostile = "x'; DROP TABLE nodes; --\0\x1b"
        assert ask(database, "SELECT :it", it=hostile) == [(hostile,)]

    def test_an_iterator_lets_go_of_the_file_at_its_end(self, own_database: Path) -> None:
        result = run_query(own_database, "SELECT id FROM nodes")
        assert next(result) == (1,)
        assert len(list(result)) == 299
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            result._connection.execute("SELECT 1")

    @pytest.mark.parametrize("name", ["a?mode=rwc#x.db", "100%41.db", "ü b;'\".db", "ｆ.db"])
    def test_any_path(self, tmp_path: Path, name: str) -> None:
        path = make_database(tmp_path / name)
        assert ask(path, "SELECT count(*) FROM nodes") == [(300,)]
        assert os.listdir(tmp_path) == [name]

    def test_a_path_that_is_no_text(self, tmp_path: Path) -> None:
        path = make_database(tmp_path / "plain.db").rename(tmp_path / os.fsdecode(b"\xff.db"))
        assert ask(path, "SELECT count(*) FROM nodes") == [(300,)]

    def test_a_link_is_followed_to_the_writers_files(self, own_database: Path) -> None:
        link = own_database.with_name("link.db")
        link.symlink_to(own_database)
        with closing(sqlite3.connect(own_database)) as writer:
            writer.execute("DELETE FROM nodes")
            writer.commit()
            assert ask(link, "SELECT count(*) FROM nodes") == [(0,)]

    def test_memory_does_not_grow_with_the_rows(self, database: Path) -> None:
        tracemalloc.start()
        try:
            with run_query(database, ENDLESS + "SELECT x, hex(x) FROM c LIMIT 200000") as result:
                count = sum(1 for _ in result)
            assert count == 200_000
            assert tracemalloc.get_traced_memory()[1] < 1_000_000
        finally:
            tracemalloc.stop()


HOSTILE = [
    "DELETE FROM nodes",
    "DELETE FROM nodes RETURNING *",
    "INSERT INTO nodes (title) VALUES ('x') RETURNING id",
    "UPDATE nodes SET title = 'x'",
    "REPLACE INTO nodes (id) VALUES (1)",
    "WITH x AS (SELECT 1) DELETE FROM nodes",
    "WITH x AS (SELECT 1) INSERT INTO nodes (title) SELECT 1 FROM x RETURNING id",
    "WITH x AS (SELECT 1) UPDATE nodes SET title = 'x' RETURNING title",
    "WITH x AS (SELECT 1) UPDATE sqlite_master SET sql = 'x'",
    "WITH x AS (SELECT 1) DELETE FROM sqlite_schema",
    "WITH x AS (SELECT 1) INSERT INTO named VALUES ('x')",
    "WITH x AS (SELECT 1) INSERT INTO names (names) VALUES ('optimize')",
    "WITH x AS (SELECT 1) INSERT INTO names (names) VALUES ('rebuild')",
    "EXPLAIN DELETE FROM nodes",
    "EXPLAIN PRAGMA user_version = 7",
    "EXPLAIN ATTACH 'FOLDER/new.db' AS n",
    "CREATE TABLE t (x)",
    "CREATE TEMP TABLE t AS SELECT * FROM nodes",
    "CREATE TEMP VIEW v AS SELECT 1",
    "CREATE VIRTUAL TABLE t USING fts5(x)",
    "CREATE VIRTUAL TABLE temp.t USING fts5vocab(main, names, row)",
    "DROP TABLE nodes",
    "ALTER TABLE nodes ADD COLUMN x",
    "REINDEX",
    "ANALYZE",
    "VACUUM",
    "VACUUM INTO 'FOLDER/copy.db'",
    "ATTACH 'FOLDER/other.db' AS other",
    "ATTACH 'FOLDER/new.db' AS n",
    "ATTACH 'file:FOLDER/other.db?mode=rwc' AS other",
    "ATTACH ':memory:' AS m",
    "DETACH main",
    "BEGIN IMMEDIATE",
    "COMMIT",
    "SAVEPOINT s",
    "PRAGMA user_version = 7",
    "PRAGMA user_version(7)",
    "PRAGMA main.application_id = 7",
    "PRAGMA schema_version = 7",
    "PRAGMA encoding = 'UTF-16'",
    "PRAGMA page_size = 512",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA journal_mode",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA query_only = OFF",
    "PRAGMA writable_schema = ON",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA optimize",
    "PRAGMA incremental_vacuum",
    "PRAGMA temp_store_directory = 'FOLDER'",
    "PRAGMA data_version = 1",
    "PRAGMA no_such_thing",
    "SELECT * FROM pragma_wal_checkpoint",
    "SELECT * FROM pragma_optimize",
    "SELECT * FROM pragma_journal_mode",
    "SELECT 1; DROP TABLE nodes",
    "SELECT 1 /* ; */ ; /* -- */ DROP TABLE nodes",
    "SELECT 1 -- ;\n; -- x\n DELETE FROM nodes",
    "SELECT 1; SELECT 2",
    "/* SELECT */ DROP TABLE nodes",
    "-- SELECT\nDROP TABLE nodes",
    "; DELETE FROM nodes",
    "SELECT load_extension('FOLDER/other.db')",
    "SELECT fts3_tokenizer('simple', x'00')",
    "SELECT writefile('FOLDER/new', 'x')",
    "SELECT readfile('FOLDER/other.db')",
    "SELECT sqlite_log(1, 'x')",
    "SELECT edit('x', 'touch FOLDER/new')",
    "SELECT * FROM fsdir('FOLDER')",
    "SELECT * INTO t FROM nodes",
    ".dump",
    "",
    " ;; ",
    "-- nothing",
    "/* unfinished",
    "SELECT",
    "SELEC 1",
    "SELECT '",
    "SELECT * FROM nodes\0; DELETE FROM nodes",
    "SELECT '\ud800'",
    "(SELECT 1)",
]


TOKENS = re.findall(
    r"\S+|\n",
    """SELECT WITH VALUES EXPLAIN PRAGMA DELETE INSERT INTO UPDATE SET FROM WHERE nodes edges names
    sqlite_master RETURNING * ( ) , ; = . id title AS ATTACH 'x' "y" x'00' 1 -1 1e400 :a ? ?2 /*
    */ -- UNION ALL RECURSIVE GROUP BY ORDER user_version journal_mode table_info MATCH JOIN CREATE
    TEMP pragma_table_info TABLE VACUUM BEGIN COLLATE LIMIT json_each randomblob""",
)


class TestWritingNothing:
    @pytest.mark.parametrize("sql", HOSTILE)
    def test_hostile_sql_is_refused_and_leaves_no_trace(
        self, folder: Path, database: Path, sql: str
    ) -> None:
        before = snapshot(folder)
        refusal(database, sql.replace("FOLDER", str(folder)))
        assert snapshot(folder) == before

    def test_reading_makes_no_files(self, folder: Path, database: Path) -> None:
        before = snapshot(folder)
        with run_query(database, "SELECT * FROM nodes") as result:
            next(result)
            assert snapshot(folder) == before
        assert snapshot(folder) == before

    @pytest.mark.parametrize(
        ("sql", "name"),
        [
            ("WITH x AS (SELECT 1) DELETE FROM nodes", "DELETE"),
            ("EXPLAIN ATTACH 'x' AS y", "ATTACH"),
            ("SELECT load_extension('x')", "the function load_extension"),
            ("PRAGMA user_version = 7", "PRAGMA user_version with a value"),
            ("SELECT * FROM pragma_optimize", "PRAGMA optimize"),
        ],
    )
    def test_the_authorizer_itself_refuses(self, database: Path, sql: str, name: str) -> None:
        # Opening for reading only gives other words, and would let the last three through.
        assert refusal(database, sql).startswith(f"{name} is refused; query takes one reading")

    @settings(
        max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        st.lists(
            st.one_of(
                st.sampled_from(TOKENS),
                st.text(max_size=4),
            ),
            max_size=14,
        ),
        st.sampled_from(["", "SELECT ", "WITH x AS (SELECT 1) ", "PRAGMA ", "EXPLAIN "]),
    )
    def test_token_soup_raises_refusals_alone_and_changes_nothing(
        self, folder: Path, database: Path, tokens: list[str], start: str
    ) -> None:
        before = snapshot(folder)
        try:
            with run_query(database, start + " ".join(tokens), timeout=5) as result:
                for _ in zip(result, range(100), strict=False):
                    pass
        except QueryRefused as error:
            assert_harmless(str(error))
        assert snapshot(folder) == before


class TestMessages:
    @pytest.mark.parametrize(
        ("sql", "words"),
        [
            ("SELECT * FROM node", "no such table: node; did you mean nodes?"),
            ("SELECT n.titel FROM nodes AS n", "no such column: n.titel; did you mean title?"),
            ("SELECT lenght(1)", "no such function: lenght; did you mean length?"),
            ('SELECT * FROM "\x1b[2J"', r"no such table: \x1b[2J"),
            ("SELECT :a, :b", "needs a value for :a; give --param a=VALUE"),
            ("SELECT ?", "? has no name; write :name and give --param name=value"),
            ("SELECT ?7", "has no name"),
            ("SELECT 1; SELECT 2", "more than one statement"),
            ("", "the statement is empty"),
            ("SELECT '" + "x" * 10_000_000 + "'", "10,000,009 characters"),
            ("SELECT " + "(" * 5_000 + "1" + ")" * 5_000, "wrong"),
            ("SELECT 1" + " + 1" * 5_000, "too large"),
            ("SELECT " + "1, " * 500 + "1", "too many columns"),
        ],
    )
    def test_one_line_says_what_is_wrong(self, database: Path, sql: str, words: str) -> None:
        assert words in refusal(database, sql)

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (2**63, "64 bits"),
            (-(2**70), "64 bits"),
            ("\ud800", "Unicode"),
            (object(), "a object cannot be a value"),
            ("x" * 5_000_000, ""),
        ],
    )
    def test_values_that_cannot_be_given(self, database: Path, value: object, words: str) -> None:
        assert words in refusal(database, "SELECT :it", it=value)

    @pytest.mark.parametrize("timeout", [0, -1, float("nan")])
    def test_a_timeout_is_a_time(self, database: Path, timeout: float) -> None:
        assert "timeout" in refusal(database, "SELECT 1", timeout=timeout)

    @pytest.mark.parametrize("name", ["absent.db", ".", "nul\0.db", "text.db", "pipe"])
    def test_something_other_than_a_database(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "text.db").write_text("no database\n" * 100)
        os.mkfifo(tmp_path / "pipe")
        before = sorted(os.listdir(tmp_path))
        with pytest.raises(StoreError) as caught:
            ask(tmp_path / name, "SELECT 1 FROM sqlite_master")
        assert isinstance(caught.value, NotADatabase) or "\0" in name
        assert_harmless(str(caught.value))
        assert sorted(os.listdir(tmp_path)) == before

    def test_a_damaged_database(self, own_database: Path) -> None:
        raw = bytearray(own_database.read_bytes())
        raw[4096:] = b"\xa5" * (len(raw) - 4096)
        own_database.write_bytes(raw)
        with pytest.raises(NotADatabase, match="damaged"):
            ask(own_database, "SELECT * FROM nodes ORDER BY title")


class TestLimits:
    @pytest.mark.parametrize(
        "sql",
        [
            ENDLESS + "SELECT count(*) FROM c",
            ENDLESS + "SELECT x FROM c",
            "SELECT count(*) FROM nodes a, nodes b, nodes c, nodes d, nodes e",
            ENDLESS + "SELECT max(length(hex(randomblob(1000000)))) FROM c",
        ],
    )
    def test_what_never_ends_is_stopped(self, database: Path, sql: str) -> None:
        assert "did not end within 0.2 s" in refusal(database, sql, timeout=0.2)

    def test_time_is_counted_to_the_last_row(self, database: Path) -> None:
        now = 0.0
        with run_query(
            database, ENDLESS + "SELECT x FROM c", timeout=30, clock=lambda: now
        ) as result:
            assert next(result) == (1,)
            now = 29.9
            assert next(result) == (2,)
            now = 30.1
            with pytest.raises(QueryRefused, match="30 s"):
                for _ in zip(result, range(1_000), strict=False):
                    pass

    @pytest.mark.parametrize(
        "sql",
        [
            "SELECT randomblob(2000000000)",
            "SELECT zeroblob(1000000000)",
            "SELECT replace(hex(zeroblob(1000000)), '0', hex(zeroblob(1000000)))",
            "SELECT group_concat(hex(zeroblob(1000000))) FROM nodes",
        ],
    )
    def test_gigabytes_are_refused(self, database: Path, sql: str) -> None:
        tracemalloc.start()
        try:
            assert "4,000,000 bytes" in refusal(database, sql)
            assert tracemalloc.get_traced_memory()[1] < 10_000_000
        finally:
            tracemalloc.stop()

    def test_an_aggregate_that_grows_without_end(self, database: Path) -> None:
        sql = ENDLESS + "SELECT json_group_array(hex(zeroblob(1000000))) FROM c"
        assert "1,024 MB of memory" in refusal(database, sql)

    def test_a_long_format_gives_nothing(self, database: Path) -> None:
        assert ask(database, "SELECT printf('%.*c', 100000000, 'x')") == [(None,)]

    def test_ctrl_c_stops_a_query(self, database: Path) -> None:
        # A shell mutes the signal for what it starts in the background, these tests among it.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        # A shell starts what it runs in the background deaf to it.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        timer.start()
        try:
            with pytest.raises(KeyboardInterrupt):
                ask(database, ENDLESS + "SELECT count(*) FROM c")
        finally:
            timer.join()
            signal.signal(signal.SIGINT, before)
