"""From what a person typed to the account meant."""

from __future__ import annotations

import difflib
import re
from typing import Final
from urllib.parse import unquote, urlsplit

from graphcrawl.addresses.names import id_fault, name_fault, shown, text_fault
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
    chosen = None if network is None else parse_network(network)
    plain = text.strip()
    _refuse_for(text_fault(plain), plain)
    if _is_address(plain):
        return _at_address(plain)
    head, colon, rest = plain.partition(":")
    if colon and head.casefold() != "id":
        return _named(rest, parse_network(head), by_id=by_id, text=plain)
    return _named(plain, chosen, by_id=by_id, text=plain)


def _refuse_for(fault: str | None, text: str) -> None:
    if fault is not None:
        raise AccountTextError(f"{shown(text)} names no account: {fault}")


def _named(name: str, network: str | None, *, by_id: bool, text: str) -> AccountRef:
    marked = name[:3].casefold() == "id:"
    is_id = marked or (by_id and not name.startswith("@"))
    name = name[3:] if marked else name.removeprefix("@")
    _refuse_for(id_fault(name) if is_id else name_fault(name), text)
    if network is None:
        raise AccountTextError(
            f"{shown(text)} names no network: pass --network, or write NETWORK:NAME "
            f"with one of {_ALL_NETWORKS}"
        )
    if is_id:
        return AccountRef(network, social_id=name)
    return AccountRef(network, username=name)


def _is_address(text: str) -> bool:
    if _SCHEME.match(text):
        return True
    host = _HOST.match(text)
    return host is not None and network_of_host(host.group()) is not None


def _at_address(text: str) -> AccountRef:
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
    return AccountRef(network, username=name)


def _split(address: str) -> tuple[str, list[str]]:
    """Give host and parts of the path, unquoted; nothing for an address of no web page."""
    try:
        split = urlsplit(address)
        parts = [unquote(part, errors="strict") for part in split.path.split("/") if part]
    except ValueError:
        return "", []
    return (split.hostname or "", parts) if split.scheme in {"http", "https"} else ("", [])


def _channel(text: str, rest: list[str]) -> AccountRef:
    if not rest or not is_channel_id(rest[0]):
        raise AccountTextError(f"{shown(text)} holds no channel ID: UC and 22 characters")
    return AccountRef(Network.YOUTUBE.value, social_id=rest[0])
