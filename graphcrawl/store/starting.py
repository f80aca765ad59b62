"""Crawls started, taken up again and ended: what a run writes before and after its work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from graphcrawl.errors import InputError
from graphcrawl.filters import Filters
from graphcrawl.model import AccountRef
from graphcrawl.store import dialects
from graphcrawl.store.accounts import name_key, seed_digests
from graphcrawl.store.opening import Store
from graphcrawl.store.recorder import Recorder
from graphcrawl.store.reopening import REFRESH, queue_again
from graphcrawl.store.retries import Retry
from graphcrawl.store.runs import begin_run, end_run
from graphcrawl.store.schema import CrawlRow, ForgottenRow, NodeRow, VisitRow


def start_crawl(store: Store, seeds: Sequence[AccountRef], settings: Mapping[str, Any]) -> int:
    """Write a new crawl with its seeds into the frontier.

    Parameters
    ----------
    seeds : sequence of AccountRef
        At least one; repetitions are kept once.
    settings : mapping
        What can be cited and repeated; ``depth`` is an int, or None for all.

    Returns
    -------
    int
        The crawl's number.

    Raises
    ------
    InputError
        If there is no seed, or one of them was forgotten on purpose, or all are excluded.
    StoreError
        If the database cannot be written.
    """
    if not seeds:
        raise InputError("there is no account to start from")
    filters = Filters.of(settings)
    _refuse_excluded(seeds, filters)
    moment = dialects.now()
    with store.writing() as connection:
        _refuse_forgotten(connection, seeds)
        crawl_id = insert_crawl(connection, seeds, settings, moment)
        recorder = Recorder(crawl_id, settings["depth"], filters)
        for node_id, seed in _seed_nodes(connection, seeds, moment).items():
            recorder.add_seed(connection, node_id, seed)
    return crawl_id


def insert_crawl(
    connection: Connection,
    seeds: Sequence[AccountRef],
    settings: Mapping[str, Any],
    moment: datetime,
) -> int:
    """Write a crawl's own row, and its first run, and give its number."""
    result = connection.execute(
        insert(CrawlRow)
        .values(
            status="running",
            seeds=[
                {"network": seed.network, "username": seed.username, "id": seed.social_id}
                for seed in dict.fromkeys(seeds)
            ],
            settings=dict(settings),
            started_at=moment,
        )
        .returning(CrawlRow.id)
    )
    crawl_id: int = result.scalar_one()
    begin_run(connection, crawl_id, settings, moment)
    return crawl_id


def _refuse_excluded(seeds: Sequence[AccountRef], filters: Filters) -> None:
    sieve = filters.sieve()
    if sieve and all(
        sieve.refuses(one.network, one.social_id, one.username, None, None, depth=0)
        for one in seeds
    ):
        raise InputError("every account to start from is excluded: nothing would be asked")


def _refuse_forgotten(connection: Connection, seeds: Sequence[AccountRef]) -> None:
    for seed in seeds:
        marks = seed_digests(seed)
        query = select(ForgottenRow.forgotten_at).where(ForgottenRow.digest.in_(marks))
        when = connection.execute(query).scalar()
        if when is not None:
            raise InputError(
                f"{seed} was forgotten on {when.date()} in this database and is not asked "
                "again; leave it out, or use another database"
            )


def _seed_nodes(
    connection: Connection, seeds: Sequence[AccountRef], moment: datetime
) -> dict[int, AccountRef]:
    return {_seed_node(connection, seed, moment): seed for seed in seeds}


def _seed_node(connection: Connection, seed: AccountRef, moment: datetime) -> int:
    if seed.social_id is not None:
        same = NodeRow.social_id == seed.social_id
    else:
        # Only another nameless seed: a stored account of this name may have given it away.
        same = NodeRow.social_id.is_(None) & (NodeRow.name_key == name_key(seed.username))
    found = connection.execute(
        select(NodeRow.id).where(NodeRow.network == seed.network, same)
    ).scalar()
    if found is not None:
        return found
    result = connection.execute(
        insert(NodeRow)
        .values(
            network=seed.network,
            social_id=seed.social_id,
            username=seed.username,
            name_key=name_key(seed.username),
            first_seen_at=moment,
            last_seen_at=moment,
            valid_from=moment,
        )
        .returning(NodeRow.id)
    )
    return result.scalar_one()


def take_up(
    store: Store,
    crawl_id: int,
    settings: Mapping[str, Any],
    *,
    retry: Retry = Retry.USED_UP,
) -> None:
    """Make a crawl ready to go on: with this process's settings, its open work queued again.

    Open work is what a killed process had claimed, what was postponed, and what failed for a
    cause that `retry` holds. A larger ``depth`` queues what lay on the rim, wider filters what
    they left alone, and more connections an account the answers of which were cut.

    Raises
    ------
    StoreError
        If the database cannot be written.
    """
    with store.writing() as connection:
        query = select(CrawlRow.settings).where(CrawlRow.id == crawl_id)
        before = connection.execute(query).scalar_one()
        # A refresh stays one.
        settings = {**settings, **{name: before[name] for name in (REFRESH,) if name in before}}
        connection.execute(
            update(CrawlRow)
            .where(CrawlRow.id == crawl_id)
            .values(status="running", finished_at=None, reason=None, settings=settings)
        )
        begin_run(connection, crawl_id, settings, dialects.now())
        queue_again(connection, crawl_id, before=before, settings=settings, retry=retry)


def finish_crawl(store: Store, crawl_id: int, status: str, reason: str | None) -> None:
    """Write how a crawl ended; what was claimed and not asked goes back to the queue.

    Raises
    ------
    StoreError
        If the database cannot be written.
    """
    with store.writing() as connection:
        connection.execute(
            update(VisitRow)
            .where(VisitRow.crawl_id == crawl_id, VisitRow.status == "claimed")
            .values(status="queued")
        )
        moment = dialects.now()
        connection.execute(
            update(CrawlRow)
            .where(CrawlRow.id == crawl_id)
            .values(status=status, finished_at=moment, reason=reason)
        )
        end_run(connection, crawl_id, status, reason, moment)
