"""What a claim's outcome does to the database, within the caller's transaction.

Profiles, history, edges, discoveries and the account's completion are one transaction, so a
killed process leaves an answer either wholly recorded or never asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, String, bindparam, delete, insert, select, update

from graphcrawl.filters import Filters
from graphcrawl.model import Account, AccountRef, Answer, Claim, Outcome, OutcomeKind
from graphcrawl.store import dialects
from graphcrawl.store.accounts import (
    Identity,
    KnownAccounts,
    KnownNode,
    name_key,
    store_accounts,
    without_forgotten,
)
from graphcrawl.store.depths import lower, provisional_names
from graphcrawl.store.edges import Sighting, store_edges
from graphcrawl.store.joining import join_nodes
from graphcrawl.store.keeping import Kept, cut_answer, has_ring, reopen_ring
from graphcrawl.store.reuse import StoredAnswer, account_of, listed_in, message_of
from graphcrawl.store.schema import AnswerRow, NodeRow, VisitRow, table_of
from graphcrawl.store.traces import Traces, clean_crawls
from graphcrawl.store.visits import CLAIMED, Source, Visits, is_nameless_refusal, standing
from graphcrawl.store.waiting import ANOTHER_WAY

NOTE_LENGTH: Final = 2_000
"""Characters kept of the list of rows that could not be used."""

ANSWER_COLUMNS: Final = (
    *("crawl_id", "node_id", "asked_at", "outcome", "rows", "skipped_rows", "note"),
)

_nodes: Final = table_of(NodeRow)

_INSERT_ANSWER: Final = dialects.Prepared(
    insert(table_of(AnswerRow))
    .values({name: bindparam(name) for name in ANSWER_COLUMNS})
    .returning(AnswerRow.id)
)
_EXPAND: Final = dialects.Prepared(
    update(_nodes)
    .where(_nodes.c.id == bindparam("node"))
    .values(expanded_at=bindparam("expanded", type_=String))
)


@dataclass(frozen=True, slots=True)
class Added:
    """What one outcome added to its crawl."""

    accounts: int = 0
    connections: int = 0


class Recorder:
    """Records the outcomes of one crawl.

    Parameters
    ----------
    crawl_id : int
    depth_limit : int or None
        Accounts nearer than this are asked; None: all.
    filters : Filters
        Who of them is not asked, and how much is kept of an answer.
    """

    def __init__(
        self, crawl_id: int, depth_limit: int | None, filters: Filters | None = None
    ) -> None:
        self._crawl_id = crawl_id
        self._depth_limit = depth_limit
        self._visits = Visits(crawl_id, depth_limit)
        self._filters = filters or Filters()
        self._sieve = self._filters.sieve()
        self._has_ring = False
        self._provisional: dict[Identity, int] = {}
        self._joined: dict[int, int] = {}
        self._nameless: set[int] = set()
        self._known = KnownAccounts(crawl_id)

    def load(self, connection: Connection) -> None:
        """Learn which seeds no answer has named yet, by ID or by username."""
        self._provisional = provisional_names(connection, self._crawl_id)
        self._has_ring = has_ring(connection, self._crawl_id)
        self._nameless = set(
            connection.execute(
                select(VisitRow.node_id)
                .join(NodeRow, NodeRow.id == VisitRow.node_id)
                .where(
                    VisitRow.crawl_id == self._crawl_id,
                    VisitRow.status == "failed",
                    VisitRow.cause.in_(ANOTHER_WAY),
                    NodeRow.username.is_(None),
                )
            ).scalars()
        )

    def begin(self, connection: Connection, moment: datetime) -> None:
        """Begin a transaction: look whether others have written since the last one."""
        self._known.begin(connection, moment)

    def end(self, connection: Connection) -> None:
        """End a transaction: nothing more will be written in it."""
        self._known.end(connection)

    def distrust(self) -> None:
        """Believe nothing of a transaction that failed."""
        self._known.forget_all()

    def record(self, connection: Connection, outcome: Outcome, moment: datetime) -> Added:
        """Write what came of a claim; nothing, if its account has been forgotten meanwhile."""
        if outcome.kind is OutcomeKind.ANSWERED and outcome.answer is not None:
            return self._answered(connection, outcome, outcome.answer, moment)
        source = self._source(connection, outcome.claim)
        # An answer to the same account under its other name stands, whatever comes of this. One
        # that was postponed may yet turn out to have used up its retries.
        open_for = (CLAIMED, "queued") if outcome.kind is OutcomeKind.EXHAUSTED else (CLAIMED,)
        if source is not None and source.status in open_for:
            self._unanswered(connection, outcome, source, moment)
        return Added()

    def add_seed(self, connection: Connection, node_id: int, seed: AccountRef) -> None:
        """Let a seed join the crawl."""
        told = (seed.network, seed.social_id, seed.username, None, None)
        refused = self._sieve.refuses(*told, depth=0) if self._sieve else None
        self._visits.insert(connection, [self._visits.new(node_id, seed.network, 0, refused)])

    def _answered(
        self, connection: Connection, outcome: Outcome, answer: Answer, moment: datetime
    ) -> Added:
        source = self._kept_source(outcome.claim) or self._source(connection, outcome.claim)
        if source is None:
            return Added()
        kept = self._kept(connection, answer, source, moment)
        accounts = without_forgotten(connection, self._known, kept.accounts)
        if answer.own is not None and answer.own not in accounts:
            self._drop(connection, source, outcome.claim)
            return Added()
        known = store_accounts(connection, self._known, accounts, moment)
        self._ask_the_named_again(connection, accounts, known)
        if settled := self._settle_names(connection, accounts, known):
            known |= settled
            source = self._source(connection, outcome.claim) or source
        listed = _listed(source, accounts[1:] if answer.own else accounts, known)
        sighting = Sighting(
            answer_id=self._write_answer(
                connection,
                source,
                moment,
                outcome="ok",
                rows=len(listed),
                skipped=kept.skipped,
                unused=len(answer.skipped) + kept.cut,
            ),
            source=source.node_id,
            targets=[node.id for _, node in listed],
            moment=moment,
            whole=not answer.skipped and kept.cause is None,
        )
        store_edges(connection, sighting)
        joined = self._discover(connection, listed, source.depth + 1)
        self._complete(connection, outcome, sighting, kept.cause)
        return Added(joined, len(listed))

    def reuse(
        self, connection: Connection, claim: Claim, stored: StoredAnswer, moment: datetime
    ) -> Added:
        """Let another crawl's answer count for this one as if it had come now."""
        if claim.node_id in self._joined:
            return Added()
        account = account_of(connection, stored.node_id)
        if stored.node_id != claim.node_id and account is not None:
            # Known by name until now: as the one account of that name it is claimed once more.
            self._settle_names(
                connection, [account], self._known.find(connection, [account], moment)
            )
            return Added()
        if stored.refusal is not None:
            return self._reuse_refusal(connection, claim, stored, moment)
        return self._reuse_connections(connection, claim, stored, account, moment)

    def _reuse_refusal(
        self, connection: Connection, claim: Claim, stored: StoredAnswer, moment: datetime
    ) -> Added:
        if stored.refusal in ANOTHER_WAY and claim.ref.username is None:
            self._nameless.add(claim.node_id)
        self._visits.update(
            connection,
            claim.node_id,
            status="failed",
            cause=stored.refusal,
            error=message_of(connection, stored),
            failed_at=moment,
        )
        return Added()

    def _reuse_connections(
        self,
        connection: Connection,
        claim: Claim,
        stored: StoredAnswer,
        own: Account | None,
        moment: datetime,
    ) -> Added:
        targets = listed_in(connection, stored)
        accounts = targets if own is None else [own, *targets]
        known = self._known.find(connection, accounts, moment)
        self._ask_the_named_again(connection, accounts, known)
        known |= self._settle_names(connection, accounts, known)
        source = self._source(connection, claim)
        if source is None:
            return Added()
        listed = _listed(source, targets, known)
        joined = self._discover(connection, listed, source.depth + 1)
        self._visits.complete(connection, source.node_id, sent=0, answer_id=stored.id, cause=None)
        return Added(joined, len(listed))

    def _kept(
        self, connection: Connection, answer: Answer, source: Source, moment: datetime
    ) -> Kept:
        """Give what is kept of an answer; of the ring's, only what the crawl holds already."""
        kept = cut_answer(answer, self._filters.max_connections)
        # A refresh asks beyond its depth too, and keeps all that it hears.
        is_ring = self._depth_limit is not None and source.depth >= self._depth_limit
        if not (is_ring and self._filters.complete):
            return kept
        stored = self._known.find(connection, kept.accounts, moment)
        held = {identity for identity, node in stored.items() if node.depth is not None}
        kept = kept.among(held, self._provisional, own=answer.own)
        self._has_ring = self._has_ring or kept.outside > 0
        return kept

    def _ask_the_named_again(
        self,
        connection: Connection,
        accounts: Sequence[Account],
        known: Mapping[Identity, KnownNode],
    ) -> None:
        """Queue seeds whose ID was refused, now that they have a name to be asked by."""
        for account in accounts if self._nameless else ():
            node_id = known[account.network, account.social_id].id
            if account.username and node_id in self._nameless:
                self._nameless.discard(node_id)
                self._visits.update(connection, node_id, status="queued", failed_at=None)

    def _settle_names(
        self,
        connection: Connection,
        accounts: Sequence[Account],
        known: Mapping[Identity, KnownNode],
    ) -> dict[Identity, KnownNode]:
        settled: dict[Identity, KnownNode] = {}
        if not self._provisional:
            return settled
        for account in accounts:
            name = (account.network, name_key(account.username) or "")
            provisional = self._provisional.pop(name, None)
            if provisional is not None:
                identity = (account.network, account.social_id)
                settled[identity] = self._join(connection, provisional, account, known[identity])
        return settled

    def _join(
        self, connection: Connection, provisional: int, account: Account, before: KnownNode
    ) -> KnownNode:
        join_nodes(connection, self._crawl_id, provisional, before.id)
        self._joined[provisional] = before.id
        self._known.forget_all()
        identity = (account.network, account.social_id)
        after = self._known.look_up_again(connection, identity, dialects.now())
        if before.depth is not None and after.depth is not None and after.depth < before.depth:
            self._lower(connection, {after.id: after.depth})
        return after

    def _kept_source(self, claim: Claim) -> Source | None:
        """Give the source of an answer without looking it up: it was claimed, and is kept."""
        node_id = self._joined.get(claim.node_id, claim.node_id)
        node = self._known.get((claim.ref.network, claim.ref.social_id or ""))
        if node is None or node.id != node_id or node.depth is None:
            return None
        return Source(node_id, claim.ref.social_id, node.username, node.depth, CLAIMED)

    def _source(self, connection: Connection, claim: Claim) -> Source | None:
        node_id = self._joined.get(claim.node_id, claim.node_id)
        return self._visits.source(connection, node_id)

    def _write_answer(
        self,
        connection: Connection,
        source: Source,
        moment: datetime,
        *,
        outcome: str,
        rows: int = 0,
        skipped: Sequence[str] = (),
        unused: int = 0,
    ) -> int:
        rows_back = _INSERT_ANSWER.run(
            connection,
            crawl_id=self._crawl_id,
            node_id=source.node_id,
            asked_at=dialects.stamp(connection.dialect.name, moment),
            outcome=outcome,
            rows=rows,
            skipped_rows=unused,
            note="; ".join(skipped)[:NOTE_LENGTH] or None,
        )
        answer_id: int = rows_back[0][0]
        return answer_id

    def _discover(
        self, connection: Connection, listed: Sequence[tuple[Account, KnownNode]], depth: int
    ) -> int:
        fresh: list[dict[str, object]] = []
        closer: dict[int, int] = {}
        for account, node in listed:
            if node.depth is None:
                refused = self._refuses(account, node, depth) if self._sieve else None
                fresh.append(self._visits.new(node.id, account.network, depth, refused))
                identity = (account.network, account.social_id)
                self._known.keep(identity, node._replace(depth=depth))
            elif depth < node.depth:
                closer[node.id] = depth
        self._visits.insert(connection, fresh)
        if fresh and self._has_ring:
            # What the ring listed of those that join only now was left out.
            reopen_ring(connection, self._crawl_id)
            self._has_ring = False
        if closer:
            self._lower(connection, closer)
        return len(fresh)

    def _refuses(self, account: Account, node: KnownNode, depth: int) -> str | None:
        """Judge an account by all that is known of it, which may be more than this row tells."""
        if self._sieve is None:
            return None
        told = (node.username, node.subscribers_count, node.state)
        return self._sieve.refuses(account.network, account.social_id, *told, depth=depth)

    def _lower(self, connection: Connection, depths: Mapping[int, int]) -> None:
        lower(connection, self._crawl_id, self._depth_limit, depths)
        self._known.forget_all()

    def _complete(
        self, connection: Connection, outcome: Outcome, sighting: Sighting, cause: str | None
    ) -> None:
        self._visits.complete(
            connection,
            sighting.source,
            sent=outcome.attempts,
            answer_id=sighting.answer_id,
            cause=cause,
        )
        if sighting.whole:
            expanded = dialects.stamp(connection.dialect.name, sighting.moment)
            _EXPAND.run(connection, node=sighting.source, expanded=expanded)

    def _unanswered(
        self, connection: Connection, outcome: Outcome, source: Source, moment: datetime
    ) -> None:
        if outcome.kind is OutcomeKind.REFUSED:
            self._write_answer(connection, source, moment, outcome=outcome.cause or "refused")
        if is_nameless_refusal(outcome) and source.username is None:
            self._nameless.add(source.node_id)
        self._visits.update(
            connection,
            source.node_id,
            attempts=VisitRow.attempts + outcome.attempts,
            **standing(outcome, source, moment),
        )

    def _drop(self, connection: Connection, source: Source, claim: Claim) -> None:
        """Forget a seed that turned out to be a forgotten account."""
        connection.execute(delete(NodeRow).where(NodeRow.id == source.node_id))
        self._known.forget_all()
        clean_crawls(connection, Traces.of(claim.ref))


def _listed(
    source: Source, accounts: Sequence[Account], known: Mapping[Identity, KnownNode]
) -> list[tuple[Account, KnownNode]]:
    return [
        (account, node)
        for account in accounts
        if (node := known[account.network, account.social_id]).id != source.node_id
    ]
