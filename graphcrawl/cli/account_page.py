"""One account as a page for the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from graphcrawl.cli.subjects import caption
from graphcrawl.cli.table import GAP, LONGEST_CELL, Paper, grouped, shown_cell
from graphcrawl.findings import Link
from graphcrawl.incoming import NOT_ALL_IMPORTED
from graphcrawl.model import WITHOUT_ENGAGEMENT
from graphcrawl.moments import minute_name
from graphcrawl.settings import wants_color
from graphcrawl.wording import people_count, plural, printable

if TYPE_CHECKING:
    from graphcrawl.findings import AccountPage
    from graphcrawl.findings.account import Change, NeighbourGroup
    from graphcrawl.graph import Node
    from graphcrawl.store import StoredAccount, Way

Line = tuple[str, str]
"""What stands on the left, and on the right."""

ANSWERED: Final = "ok"
NOT_KNOWN: Final = "not known"
SHOWN_CHANGES: Final = 12
SHOWN_CRAWLS: Final = 3
SHOWN_ANSWERS: Final = 3
SHOWN_GROUPS: Final = 12
LEADERS: Final = 5

_NAMES: Final = {"subscribers_count": "followers", "er": "engagement"}


def write_account_page(page: AccountPage) -> None:
    """Write a page that fits the terminal to standard output."""
    color = sys.stdout.isatty() and wants_color()
    paper = Paper(sys.stdout, width=None, color=color)
    node = page.subject.node
    paper.print(printable(node.title or str(node), LONGEST_CELL), style="bold")
    if node.title:
        paper.print(printable(str(node)))
    _grid(paper, "", _profile(page))
    _grid(paper, "History", _history(page.changes))
    _grid(paper, "Why it is here", _ways(page))
    _grid(paper, _heading(page), _neighbours(page))
    _grid(paper, "Creator", _creator(page))
    _grid(paper, "Not known", (("", line) for line in page.unknown))
    paper.print(f"\n{caption('times are UTC', origin=page.origin)}", style="dim")


def _grid(paper: Paper, heading: str, lines: Iterable[Line]) -> None:
    held = [
        (printable(left, LONGEST_CELL), printable(right, LONGEST_CELL)) for left, right in lines
    ]
    if not held:
        return
    if heading:
        paper.print(f"\n{heading}", style="bold")
    widest = max(len(left) for left, _ in held)
    table = Table.grid(padding=(0, GAP, 0, 0))
    table.add_column(width=1)
    if widest:
        table.add_column(width=min(widest, paper.width // 3), overflow="fold")
    table.add_column(overflow="fold", width=None)
    for left, right in held:
        table.add_row("", *([Text(left)] if widest else []), Text(right))
    paper.print(table)


def _profile(page: AccountPage) -> Iterator[Line]:
    profile, added = page.stored.profile, page.stored.added
    count, er = profile.subscribers_count, profile.er
    yield "followers", NOT_KNOWN if count is None else grouped(count)
    if profile.network not in WITHOUT_ENGAGEMENT:
        yield "engagement", NOT_KNOWN if er is None else f"{grouped(er)} %"
    yield "report", profile.state or NOT_KNOWN
    yield "report ID", profile.social_id or NOT_KNOWN
    # When it was last seen is kept to the hour; an answer about it is exact.
    asked = (one.asked_at for one in page.stored.answers if one.outcome == ANSWERED)
    last = max((profile.last_seen_at, *asked))
    yield "seen", f"first {minute_name(profile.first_seen_at)}, last {minute_name(last)}"
    yield from _answers(page.stored)
    if page.cluster is not None and page.grouping is not None:
        yield "cluster", f"{page.cluster}, {page.grouping.names.get(page.cluster) or 'no name'}"
    if added.tags:
        yield "tags", ", ".join(added.tags)
    if added.note is not None:
        yield "note", added.note.replace("\n", " / ")
    for name, value in added.columns.items():
        yield name, shown_cell(value).text


def _answers(stored: StoredAccount) -> Iterator[Line]:
    if not stored.answers:
        yield "asked", "never"
    for one in reversed(stored.answers[-SHOWN_ANSWERS:]):
        what = plural(one.rows, "connection") if one.outcome == ANSWERED else one.outcome
        left_out = f"{plural(one.skipped_rows, 'row')} left out"
        # No row of an import was left out: its file does not say that these are all.
        lacks = one.note if one.note == NOT_ALL_IMPORTED else left_out
        partial = f", {lacks}" if one.skipped_rows else ""
        yield (
            "asked",
            f"{minute_name(one.asked_at)} in crawl {one.crawl_id}: "
            f"{what}{partial} (answer {one.id})",
        )
    if (more := len(stored.answers) - SHOWN_ANSWERS) > 0:
        yield "", f"and {plural(more, 'time')} before"


def _history(changes: Sequence[Change]) -> Iterator[Line]:
    for one in changes[-SHOWN_CHANGES:]:
        before, after = (shown_cell(value).text for value in (one.before, one.after))
        yield minute_name(one.at), f"{_NAMES.get(one.name, one.name)}: {before} → {after}"
    if (more := len(changes) - SHOWN_CHANGES) > 0:
        yield "", f"and {plural(more, 'change')} before (--format json)"


def _ways(page: AccountPage) -> Iterator[Line]:
    for visit, way in page.stored.visits[:SHOWN_CRAWLS]:
        if visit.is_refresh:
            yield f"crawl {visit.crawl_id}", f"refreshed it, at depth {visit.depth}"
        elif visit.is_import:
            yield f"crawl {visit.crawl_id}", "an import; how accounts were found is not told"
        elif way is None:
            yield (
                f"crawl {visit.crawl_id}",
                f"depth {visit.depth}; the answers that led here are no longer stored",
            )
        elif not visit.depth:
            yield f"crawl {visit.crawl_id}", "it is a seed"
        else:
            yield f"crawl {visit.crawl_id}", f"depth {visit.depth}"
            yield from _steps(way, page.nodes)
    if (more := len(page.stored.visits) - SHOWN_CRAWLS) > 0:
        yield "", f"and {plural(more, 'crawl')} more (--format json)"
    if not page.stored.visits:
        yield "", "no crawl holds it"


def _steps(way: Way, nodes: Mapping[int, Node]) -> Iterator[Line]:
    for place, step in enumerate(way):
        name = str(nodes[step.node_id])
        if step.asked_at is None:
            yield f"  step {place}", f"{name}, a seed"
        else:
            told = f"listed in answer {step.answer_id}, {minute_name(step.asked_at)}"
            yield f"  step {place}", f"{name}, {told}"


def _heading(page: AccountPage) -> str:
    every = page.neighbours
    kinds = [(link.value, sum(one.link is link for one in every)) for link in Link]
    said = ", ".join(f"{number:,} {word}" for word, number in kinds if number)
    return f"Neighbours: {len(every):,}{f' ({said})' if said else ''}"


def _neighbours(page: AccountPage) -> Iterator[Line]:
    grouping, shown = page.grouping, page.groups[:SHOWN_GROUPS]
    if grouping is None:
        scope = "" if page.crawl_id is None else f" --crawl {page.crawl_id}"
        yield "", f"no clusters are stored: graphcrawl clusters{scope} finds them"
    for group in shown:
        if grouping is not None:
            named = f": {group.name}" if group.name else ""
            yield _cluster(group, page), f"{plural(len(group.members), 'account')}{named}"
        for link in Link:
            if number := group.count(link):
                yield f"  {link.value}", _leaders(group, link, number)
    if (more := len(page.groups) - len(shown)) > 0:
        yield "", f"and in {plural(more, 'cluster')} more (--format json)"
    if grouping is not None:
        found = minute_name(grouping.created_at)
        yield "", f"as of clustering {grouping.id}, {grouping.method}, {found}"


def _leaders(group: NeighbourGroup, link: Link, number: int) -> str:
    nodes = [one.node for one in group.members if one.link is link][:LEADERS]
    names = [_with_followers(node) for node in nodes]
    more = f" and {number - LEADERS:,} more" if number > LEADERS else ""
    return f"{', '.join(names)}{more}"


def _creator(page: AccountPage) -> Iterator[Line]:
    owner = page.stored.owner
    if owner is None:
        if not page.stored.has_creators:
            yield "", "none is stored: graphcrawl creators looks for accounts of one owner"
        return
    yield f"number {owner.id}", owner.name
    for one in owner.accounts:
        node = page.nodes.get(one.node_id)
        if node is not None:
            reasons = dict.fromkeys(
                word for each in one.evidence for word in each.get("reasons", ())
            )
            yield one.confidence, f"{node}: {', '.join(map(str, reasons))}"


def _with_followers(node: Node) -> str:
    unasked = "" if node.visit == "done" else ", not asked or no answer"
    return f"{node} ({people_count(node.subscribers_count)}{unasked})"


def _cluster(group: NeighbourGroup, page: AccountPage) -> str:
    if group.cluster is None:
        return "in none yet"
    return f"cluster {group.cluster}{' (its own)' if group.cluster == page.cluster else ''}"
