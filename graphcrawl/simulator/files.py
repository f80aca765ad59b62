"""A world read from files: any real graph, served as if it were the vendor's."""

from __future__ import annotations

from pathlib import Path

from graphcrawl.csv_files import Columns, Complaints, Table, cell, is_count, open_table
from graphcrawl.errors import InputError
from graphcrawl.model import Account, AccountRef, Network, ReportState
from graphcrawl.simulator.world import NoReport, Reply, Report, avatar_url


class FileWorld:
    """Accounts and connections from two CSV files, in the files' order.

    Parameters
    ----------
    nodes, edges : Path
        Plain or gzipped CSV.
    columns : Columns
        Which columns hold what. Without a username column the ID stands in; without a network,
        instagram; without subscribers, null.
    undirected : bool
        List each edge from both ends.

    Raises
    ------
    InputError
        When a file cannot be read, lacks a column, or has broken rows: these are named by line.

    Notes
    -----
    Repeated edges are served once, and an edge from an account to itself not at all.
    """

    def __init__(
        self,
        nodes: Path,
        edges: Path,
        *,
        columns: Columns | None = None,
        undirected: bool = False,
    ) -> None:
        columns = columns or Columns()
        self._source = nodes.name
        self._accounts = _read_nodes(nodes, columns)
        numbers = {account.social_id: n for n, account in enumerate(self._accounts)}
        self._neighbours = _read_edges(edges, columns, numbers, undirected=undirected)
        self._by_id = {(a.network, a.social_id): n for n, a in enumerate(self._accounts)}
        self._by_name = {
            (a.network, (a.username or "").casefold()): n
            # Backwards, so that of two with one name the first is found.
            for n, a in zip(
                range(len(self._accounts) - 1, -1, -1), reversed(self._accounts), strict=True
            )
        }

    @property
    def entrance(self) -> AccountRef:
        """The file's first account."""
        first = self._accounts[0]
        return AccountRef(first.network, first.username, first.social_id)

    @property
    def summary(self) -> str:
        """One line that says what is simulated."""
        links = sum(map(len, self._neighbours))
        return f"graph from {self._source}: {len(self._accounts)} accounts, {links} links"

    def accounts(self) -> tuple[Account, ...]:
        """Every account, in the file's order."""
        return tuple(self._accounts)

    def look_up(self, asked: AccountRef) -> Reply:
        """Find an account by ID or username; see `graphcrawl.simulator.world.World`."""
        if asked.social_id:
            number = self._by_id.get((asked.network, asked.social_id))
        else:
            number = self._by_name.get((asked.network, (asked.username or "").casefold()))
        if number is None:
            return NoReport()
        listed = tuple(self._accounts[n] for n in self._neighbours[number])
        return Report(self._accounts[number], listed)


def _read_nodes(path: Path, columns: Columns) -> list[Account]:
    complaints = Complaints(path)
    with open_table(path) as table:
        rows = _NodeRows(table, columns)
        accounts = [
            account
            for line, row in table.rows(complaints)
            if (account := rows.account(line, row, complaints))
        ]
    complaints.settle()
    if not accounts:
        raise InputError(f"{path}: no accounts")
    return accounts


class _NodeRows:
    """Turn rows into accounts, and complain of those that hold none."""

    def __init__(self, table: Table, columns: Columns) -> None:
        self._id = table.require(columns.id, "id")
        self._username = table.index(columns.username, "username")
        self._title = table.index(columns.title, "title")
        self._network = table.index(columns.network, "network")
        self._subscribers = table.index(columns.subscribers, "subscribers")
        self._seen: set[str] = set()

    def account(self, line: int, row: list[str], complaints: Complaints) -> Account | None:
        social_id, subscribers = row[self._id], cell(row, self._subscribers)
        problem = self._problem(social_id, subscribers)
        if problem:
            complaints.add(line, problem)
            return None
        self._seen.add(social_id)
        network = cell(row, self._network) or Network.INSTAGRAM.value
        return Account(
            network=network,
            social_id=social_id,
            username=cell(row, self._username) or social_id,
            title=cell(row, self._title),
            avatar_url=avatar_url(network, social_id),
            subscribers_count=int(subscribers) if subscribers else None,
            state=ReportState.READY.value,
        )

    def _problem(self, social_id: str, subscribers: str | None) -> str | None:
        if not social_id:
            return "no ID"
        if social_id in self._seen:
            return f"the ID {social_id!r} again"
        if subscribers and not is_count(subscribers):
            return f"subscribers {subscribers!r} is no whole number"
        return None


def _read_edges(
    path: Path, columns: Columns, numbers: dict[str, int], *, undirected: bool
) -> list[tuple[int, ...]]:
    listed: list[list[int]] = [[] for _ in numbers]
    complaints = Complaints(path)
    with open_table(path) as table:
        source_at = table.require(columns.source, "source")
        target_at = table.require(columns.target, "target")
        for line, row in table.rows(complaints):
            source, target = numbers.get(row[source_at]), numbers.get(row[target_at])
            if source is None or target is None:
                stranger = row[source_at] if source is None else row[target_at]
                complaints.add(line, f"no account has the ID {stranger!r}")
            elif source != target:
                listed[source].append(target)
                if undirected:
                    listed[target].append(source)
    complaints.settle()
    return [tuple(dict.fromkeys(targets)) for targets in listed]
