"""Where the six networks keep their profiles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from graphcrawl.addresses.names import LONGEST_TEXT, name_fault
from graphcrawl.model import Network

NETWORK_ALIASES: Final[Mapping[str, str]] = {
    "ig": "instagram",
    "insta": "instagram",
    "snap": "snapchat",
    "x": "twitter",
    "yt": "youtube",
}
"""Other names that people give the networks."""


@dataclass(frozen=True, slots=True)
class Site:
    """One network's addresses.

    Attributes
    ----------
    hosts : frozenset of str
        Without www., m. or mobile.
    profile : str
        The address to give for a name, with ``{}`` where the quoted name goes.
    name_first : bool
        Whether a path may begin with the name itself, without ``@``.
    before_name : frozenset of str
        First parts of a path that a name follows.
    pages : frozenset of str
        First parts of a path that look like a name and are the network's own.
    """

    hosts: frozenset[str]
    profile: str
    name_first: bool = False
    before_name: frozenset[str] = frozenset()
    pages: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SITES: Final[Mapping[str, Site]] = {
    "instagram": Site(
        hosts=_words("instagram.com"),
        profile="https://www.instagram.com/{}/",
        name_first=True,
        before_name=_words("_u"),
        pages=_words(
            "about accounts api ar archive challenge create developer direct download emails"
            " explore graphql help legal locations nametag oauth p popular press privacy reel"
            " reels s session share stories terms topics tv web"
        ),
    ),
    "youtube": Site(
        hosts=_words("youtube.com"),
        profile="https://www.youtube.com/@{}",
        before_name=_words("c user"),
    ),
    "twitter": Site(
        hosts=_words("x.com twitter.com"),
        profile="https://x.com/{}",
        name_first=True,
        pages=_words(
            "about account compose download explore hashtag home i intent jobs login logout"
            " messages notifications oauth privacy search settings share signup tos widgets"
            " who_to_follow"
        ),
    ),
    "tiktok": Site(
        hosts=_words("tiktok.com"),
        profile="https://www.tiktok.com/@{}",
    ),
    "twitch": Site(
        hosts=_words("twitch.tv"),
        profile="https://www.twitch.tv/{}",
        name_first=True,
        pages=_words(
            "bits collections creatorcamp dashboard directory downloads drops embed event events"
            " friends inventory jobs login logout moderator p popout prime privacy products"
            " redeem search settings signup store subscriptions team turbo u user videos wallet"
        ),
    ),
    "snapchat": Site(
        hosts=_words("snapchat.com"),
        profile="https://www.snapchat.com/add/{}",
        before_name=_words("add"),
    ),
}
"""The six, by the names the API gives them."""

_NETWORK_OF_HOST: Final = {host: network for network, site in SITES.items() for host in site.hosts}
_HOST_PREFIX: Final = re.compile(r"^(www|m|mobile)\.")
_CHANNEL_ID: Final = re.compile(r"UC[A-Za-z0-9_-]{22}")


def network_of_host(host: str) -> str | None:
    """Give the network that keeps its profiles on this host; None for any other host."""
    return _NETWORK_OF_HOST.get(_HOST_PREFIX.sub("", host.casefold()))


def is_channel_id(text: str) -> bool:
    """Whether this is shaped like a YouTube channel's ID."""
    return _CHANNEL_ID.fullmatch(text) is not None


def name_in_path(network: str, parts: list[str]) -> str | None:
    """Find the username in an address's path.

    Parameters
    ----------
    network : str
        One of the six.
    parts : list of str
        What stands between the slashes, unquoted, without empty parts.

    Returns
    -------
    str or None
        Without ``@``, and not checked otherwise; None where the path is no profile's.
    """
    site = SITES[network]
    if not parts:
        return None
    first = parts[0].casefold()
    if first in site.before_name:
        return parts[1].removeprefix("@") if len(parts) > 1 else None
    if first.startswith("@"):
        return parts[0][1:]
    return parts[0] if site.name_first and first not in site.pages else None


def profile_url(network: str, username: str | None, social_id: str | None) -> str | None:
    """Give the address of an account's profile on its own network.

    Parameters
    ----------
    network : str
        As an answer gave it.
    username : str or None
        As an answer gave it: it may hold anything.
    social_id : str or None
        Serves on YouTube, where names change hands and a channel's ID does not.

    Returns
    -------
    str or None
        An https address that `parse_account` reads back as this account; None for an unknown
        network, and for a name that no address can hold safely.

    Examples
    --------
    >>> profile_url("tiktok", "nasa", None)
    'https://www.tiktok.com/@nasa'
    """
    site = SITES.get(network)
    if site is None:
        return None
    if network == Network.YOUTUBE and social_id and is_channel_id(social_id):
        return f"https://www.youtube.com/channel/{social_id}"
    if not username or name_fault(username) is not None:
        return None
    if username.casefold() in site.pages | site.before_name and site.name_first:
        return None
    address = site.profile.format(quote(username, safe=""))
    return address if len(address) <= LONGEST_TEXT else None
