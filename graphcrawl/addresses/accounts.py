"""From what a person typed to the account meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from graphcrawl.addresses.names import (
    id_fault,
    name_fault,
    shown,
    stored_fault,
    stored_id_fault,
    text_fault,
)
from graphcrawl.addresses.sites import (
    NETWORK_ALIASES,
    SITES,
    is_channel_id,
    name_in_path,
    network_of_host,
)
from graphcrawl.errors import AccountTextError
from graphcrawl.model import AccountRef, Network

_ALL_NETWORKS: Final = ", ".join(network.value for network in Network)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://|https?:", re.IGNORECASE)
_HOST: Final = re.compile(r"[^/?#:]*")
_LONGEST_NETWORK: Final = 30


@dataclass(frozen=True, slots=True)
class SoughtAccount:
    """An account as somebody looks for it among stored ones: maybe without its network.

    Attributes
    ----------
    network : str or None
        One of `NETWORKS`, or another that an imported graph has; None: any.
    username, social_id : str or None
        One of the two is there.
    """

    network: str | None
    username: str | None = None
    social_id: str | None = None

    def __str__(self) -> str:
        name = self.username or f"id:{self.social_id}"
        return f"{self.network}:{name}" if self.network else name


Named = SoughtAccount | AccountRef
"""An account of a database, perhaps without its network."""


def parse_network(text: str) -> str:
    """Read the name of a network.

    Parameters
    ----------
    text : str
        One of the six or of `NETWORK_ALIASES`, in any case.

    Returns
    -------
    str
        One of `graphcrawl.model.NETWORKS`.

    Raises
    ------
    AccountTextError
        With the nearest name, where one is near, and all six.
    """
    name = text.strip().casefold()
    if name in SITES:
        return name
    if name in NETWORK_ALIASES:
        return NETWORK_ALIASES[name]
    near = difflib.get_close_matches(name[:_LONGEST_NETWORK], SITES, n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    raise AccountTextError(f"{shown(text)} is no network{hint}; there are {_ALL_NETWORKS}")


def stored_network(text: str) -> str:
    """Read the name of a network of stored accounts: as `parse_network`, but any other will do.

    An imported graph may be of any network. Whether the database holds one so called is the
    database's to say.

    Examples
    --------
    >>> stored_network("Insta"), stored_network("facebook")
    ('instagram', 'facebook')
    """
    try:
        return parse_network(text)
    except AccountTextError:
        if not text.strip():
            raise
        return text.strip()


@dataclass(frozen=True, slots=True)
class Rules:
    """What may stand for a network, at all, for a name and for an ID."""

    network: Callable[[str], str]
    text_fault: Callable[[str], str | None]
    name_fault: Callable[[str], str | None]
    id_fault: Callable[[str], str | None]


TO_ASK: Final = Rules(parse_network, text_fault, name_fault, id_fault)
"""Whom the API can be asked about."""

STORED: Final = Rules(stored_network, stored_fault, stored_fault, stored_id_fault)
"""Whom a database may hold: those of an imported graph, too."""


def parse_account(text: str, *, network: str | None = None, by_id: bool = False) -> AccountRef:
    """Read what a person typed for an account.

    It may be ``nasa``, ``@nasa``, ``instagram:nasa``, ``youtube:id:UCLA_DiR1FfKNvjuUpBHmylQ``,
    or the address of a profile on one of the six networks. Nothing is looked up, and a name
    keeps its case and script.

    Parameters
    ----------
    text : str
        Space around it does not count.
    network : str or None
        The network of a name that carries none. A prefix or an address wins over it, for it
        speaks of this account alone.
    by_id : bool
        Read a name, prefixed or not, as a report ID. An ``@`` and an address say for
        themselves what they are.

    Returns
    -------
    AccountRef

    Raises
    ------
    AccountTextError
        Where the text names no account; one line that says why.

    Examples
    --------
    >>> print(parse_account("https://www.instagram.com/nasa/?hl=en"))
    instagram:nasa
    """
    return account_by(TO_ASK, text, network=network, by_id=by_id)


def account_by(rules: Rules, text: str, *, network: str | None, by_id: bool) -> AccountRef:
    """Read an account by some rules; else as `parse_account`."""
    sought = _read(text, network, rules, by_id=by_id)
    if sought.network is None:
        raise AccountTextError(
            f"{shown(text.strip())} names no network: pass --network, or write NETWORK:NAME "
            f"with one of {_ALL_NETWORKS}"
        )
    return AccountRef(sought.network, sought.username, sought.social_id)


def parse_sought(text: str, *, network: str | None = None, by_id: bool = False) -> SoughtAccount:
    """Read what a person typed for a stored account: as `parse_account`, but a name may be bare.

    Accounts of an imported graph may be on any network, and be called whatever their file calls
    them.

    Examples
    --------
    >>> print(parse_sought("@nasa"), parse_sought("facebook:NASA Ames"))
    nasa facebook:NASA Ames
    """
    return _read(text, network, STORED, by_id=by_id)


def _read(text: str, network: str | None, rules: Rules, *, by_id: bool) -> SoughtAccount:
    chosen = None if network is None else rules.network(network)
    plain = text.strip()
    _refuse_for(rules.text_fault(plain), plain)
    if _is_address(plain):
        return _at_address(plain)
    head, colon, rest = plain.partition(":")
    if colon and head.casefold() != "id":
        return _named(rest, rules.network(head), rules, by_id=by_id, text=plain)
    return _named(plain, chosen, rules, by_id=by_id, text=plain)


def _refuse_for(fault: str | None, text: str) -> None:
    if fault is not None:
        raise AccountTextError(f"{shown(text)} names no account: {fault}")


def _named(
    name: str, network: str | None, rules: Rules, *, by_id: bool, text: str
) -> SoughtAccount:
    marked = name[:3].casefold() == "id:"
    is_id = marked or (by_id and not name.startswith("@"))
    name = name[3:] if marked else name.removeprefix("@")
    _refuse_for(rules.id_fault(name) if is_id else rules.name_fault(name), text)
    return SoughtAccount(network, social_id=name) if is_id else SoughtAccount(network, name)


def _is_address(text: str) -> bool:
    if _SCHEME.match(text):
        return True
    host = _HOST.match(text)
    return host is not None and network_of_host(host.group()) is not None


def _at_address(text: str) -> SoughtAccount:
    host, parts = _split(text if _SCHEME.match(text) else f"https://{text}")
    network = network_of_host(host)
    if network is None:
        raise AccountTextError(f"{shown(text)} is no profile's address on {_ALL_NETWORKS}")
    if network == Network.YOUTUBE and parts[:1] == ["channel"]:
        return _channel(text, parts[1:])
    name = name_in_path(network, parts)
    if name is None:
        raise AccountTextError(f"{shown(text)} is a page of {network}, not a profile")
    _refuse_for(name_fault(name), text)
    return SoughtAccount(network, name)


def _split(address: str) -> tuple[str, list[str]]:
    """Give host and parts of the path, unquoted; nothing for an address of no web page."""
    try:
        split = urlsplit(address)
        parts = [unquote(part, errors="strict") for part in split.path.split("/") if part]
    except ValueError:
        return "", []
    return (split.hostname or "", parts) if split.scheme in {"http", "https"} else ("", [])


def _channel(text: str, rest: list[str]) -> SoughtAccount:
    if not rest or not is_channel_id(rest[0]):
        raise AccountTextError(f"{shown(text)} holds no channel ID: UC and 22 characters")
    return SoughtAccount(Network.YOUTUBE.value, social_id=rest[0])
