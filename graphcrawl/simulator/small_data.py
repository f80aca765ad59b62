"""The small world's literals: five documented rows, and accounts that are evidently invented.

Every invented username begins with ``sim_``; no owner is a person. Links are stated between
owners, and `graphcrawl.simulator.small` spells them out between accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graphcrawl.model import Account


@dataclass(frozen=True, slots=True)
class Handle:
    """One invented account.

    Attributes
    ----------
    er : float or None
        None leaves the field out of the row.
    since, until : int
        First day with this account, and first day without it.
    renamed : tuple of (int, str) or None
        From this day on it has this username.
    restated : tuple of (int, str) or None
        From this day on it has this state.
    """

    network: str
    username: str
    subscribers: int
    er: float | None = 0
    state: str = "READY"
    since: int = 0
    until: int | None = None
    renamed: tuple[int, str] | None = None
    restated: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """One invented owner: its accounts list one another, and those of its friends.

    Attributes
    ----------
    friends : tuple of str
        Keys of owners. Each account lists the friend's account on its own network, or else the
        friend's first.
    silent : bool
        Its accounts list nobody at all.
    """

    key: str
    title: str
    group: str
    handles: tuple[Handle, ...]
    friends: tuple[str, ...] = ()
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """One account lists all accounts of some owners (or single accounts), in this order.

    Attributes
    ----------
    source : str
        ``network:username``.
    targets : tuple of str
        Owners' keys, or ``network:username``.
    since, until : int
        First day with these links, and first day without them.
    """

    source: str
    targets: tuple[str, ...]
    since: int = 0
    until: int | None = None


_DOCUMENTED_SIGN: Final = "2b06782dfbe96d267bfd26c08d37dbfa"


def _documented(network: str, social_id: str, username: str, title: str) -> dict[str, str]:
    return {
        "network": network,
        "social_id": social_id,
        "username": username,
        "title": title,
        "avatar_url": (
            f"https://cdn.hypeauditor.com/img/{network}/user/{social_id}.jpg"
            f"?w=150&till=1740787140&sign={_DOCUMENTED_SIGN}"
        ),
    }


DOCUMENTED: Final = (
    Account(
        **_documented("instagram", "528817151", "nasa", "NASA"),
        subscribers_count=96_809_672,
        er=0.734377,
        state="READY",
    ),
    Account(
        **_documented("twitter", "11348282", "nasa", "NASA"),
        subscribers_count=84_756_058,
        er=0,
        state="READY",
    ),
    Account(
        **_documented("youtube", "UCLA_DiR1FfKNvjuUpBHmylQ", "nasa", "NASA"),
        subscribers_count=12_244_637,
        er=2.72,
        state="READY",
    ),
    Account(
        **_documented("instagram", "1104426670", "nasaartemis", "NASA Artemis"),
        subscribers_count=2_837_372,
        er=0.440513,
        state="READY",
    ),
    Account(
        **_documented("youtube", "UC_aP7p621ATY_yAa8jMqUVA", "nasagovvideo", "NASA Video"),
        subscribers_count=995_500,
        er=5.17,
        state="READY_LOW_CONFIDENCE",
    ),
)
"""The documented sample for instagram:nasa, in its order."""

PENDING: Final = {"instagram:nasaartemis": 2, "instagram:sim_copperkite": 2}
"""How many requests are answered 202 before the report is there."""

WITHOUT_REPORT: Final = frozenset({"youtube:nasagovvideo"})
"""Listed by others, and answered 404; so is every account in the state DELETED."""

OWNERS: Final = (
    Owner(
        "lantern",
        "Lantern Hill Observatory",
        "sky",
        (
            Handle("instagram", "sim_lanternhill", 418_200, 1.93),
            Handle("youtube", "sim_lanternhill", 1_204_000, 3.41),
            Handle("twitter", "sim_lanternhill", 96_400, 0.22),
            Handle("tiktok", "sim_lanternhill", 730_100, 6.8),
            Handle("twitch", "sim_lanternhill", 21_050),
        ),
        friends=("meteormill", "slowscope", "starfield", "tidepool"),
    ),
    Owner(
        "meteormill",
        "Meteor Mill",
        "sky",
        (
            Handle("instagram", "sim_meteormill", 88_310, 2.4),
            Handle("youtube", "sim_meteormill", 254_900, 4.02),
            Handle("tiktok", "sim_meteormill", 61_700, 7.7, until=15),
        ),
        friends=("lantern", "slowscope", "paperrocket"),
    ),
    Owner(
        "slowscope",
        "The Slow Telescope",
        "sky",
        (
            Handle("instagram", "sim_slowscope", 35_040, 3.15),
            Handle("youtube", "sim_slowscope", 142_800, 5.6),
            Handle("twitter", "sim_slowscope", 12_600, 0.4),
        ),
        friends=("lantern", "meteormill", "starfield"),
    ),
    Owner(
        "starfield",
        "星野茶馆 · 夜空直播",
        "sky",
        (
            Handle("instagram", "sim_xingye", 512_700, 2.08),
            Handle("youtube", "sim_xingye", 860_300, 2.95),
            Handle("tiktok", "sim_xingye", 1_930_000, 8.12),
        ),
        friends=("lantern", "slowscope"),
    ),
    Owner(
        "tidepool",
        "Tidepool Radio",
        "sky",
        (
            Handle("twitter", "sim_tidepoolradio", 7_420, 0.18),
            Handle("youtube", "sim_tidepoolradio", 18_900, 1.2, state="LOW_VIEWS"),
        ),
        friends=("lantern", "oldpier"),
    ),
    Owner(
        "paperrocket",
        "🚀 Paper Rocket Club 🛰️✨",
        "sky",
        (
            Handle("instagram", "sim_paperrocket", 9_870, None),
            Handle("tiktok", "sim_paperrocket", 44_200, 11.3),
        ),
        friends=("meteormill",),
    ),
    Owner(
        "copperkite",
        "Copper Kite",
        "sky",
        (Handle("instagram", "sim_copperkite", 3_310, 4.4, "NOT_READY", restated=(20, "READY")),),
        friends=("meteormill",),
    ),
    Owner(
        "oldpier",
        "Old Pier Cinema",
        "sky",
        (Handle("youtube", "sim_oldpiercinema", 5_600, 0.9, state="DELETED"),),
    ),
    Owner(
        "cometbakery",
        "Comet Bakery",
        "bread",
        (
            Handle("instagram", "sim_comet", 230_500, 2.77),
            Handle("tiktok", "sim_comet", 398_000, 9.05),
        ),
        friends=("crumbwork", "moonbakery", "kettle"),
    ),
    Owner(
        "crumbwork",
        "Crumbwork",
        "bread",
        (
            Handle("instagram", "sim_crumbwork", 1_450_000, 1.31),
            Handle("youtube", "sim_crumbwork", 640_000, 3.3),
            Handle("tiktok", "sim_crumbwork", 2_210_000, 7.42),
            Handle("snapchat", "sim_crumbwork", 150_000),
        ),
        friends=("cometbakery", "moonbakery", "orchard", "kettle", "altitude"),
    ),
    Owner(
        "orchard",
        "Orchard & Oven",
        "bread",
        (
            Handle("instagram", "sim_orchardoven", 27_300, 3.9),
            Handle("tiktok", "sim_orchardoven", 4_050, 12.6, state="READY_LOW_CONFIDENCE"),
        ),
        friends=("crumbwork",),
    ),
    Owner(
        "moonbakery",
        "مخبز القمر",
        "bread",
        (
            Handle("instagram", "sim_makhbaz", 775_600, 2.2),
            Handle("tiktok", "sim_makhbaz", 1_020_000, 6.1),
            Handle("snapchat", "sim_makhbaz", 310_400),
        ),
        friends=("cometbakery", "crumbwork"),
    ),
    Owner(
        "kettle",
        "Kettle Street",
        "bread",
        (
            Handle("instagram", "sim_kettlestreet", 64_900, 2.6),
            Handle("youtube", "sim_kettlestreet", 38_700, 4.8),
        ),
        friends=("cometbakery", "crumbwork", "nightloaf"),
    ),
    Owner(
        "nightloaf",
        "Night Loaf",
        "bread",
        (Handle("instagram", "sim_nightloaf", 1_980, 5.5, state="PRIVATE"),),
        friends=("kettle",),
    ),
    Owner(
        "altitude",
        "Bread at Altitude",
        "bridge",
        (Handle("instagram", "sim_breadataltitude", 52_800, 3.6),),
        friends=("crumbwork", "kettle", "ridge", "quiet"),
    ),
    Owner(
        "paperboats",
        "Paper Boat Works",
        "trail",
        (
            Handle("instagram", "sim_paperboats", 119_000, 2.5),
            Handle("youtube", "sim_foldedfleet", 203_400, 3.7),
            Handle("tiktok", "sim_origamiquay", 88_800, 8.9),
        ),
        friends=("ridge", "quiet", "choir"),
    ),
    Owner(
        "ridge",
        "Ridge & Rail",
        "trail",
        (
            Handle("instagram", "sim_ridgerail", 341_900, 1.88),
            Handle("youtube", "sim_ridgerail", 505_000, 4.1),
            Handle("twitter", "sim_ridgerail", 22_700, 0.31),
        ),
        friends=("paperboats", "quiet", "altitude", "mosspost"),
    ),
    Owner(
        "quiet",
        "Quiet Kilometre",
        "trail",
        (
            Handle("instagram", "sim_quietkm", 71_200, 3.3, renamed=(12, "sim_quietkilometre")),
            Handle("tiktok", "sim_quietkm", 15_800, 10.4),
        ),
        friends=("paperboats", "ridge", "altitude", "mosspost"),
    ),
    Owner(
        "cometchess",
        "Comet Chess Club",
        "trail",
        (
            Handle("youtube", "sim_comet", 47_300, 2.9),
            Handle("twitch", "sim_comet", 9_900),
        ),
        friends=("paperboats", "glasswing"),
    ),
    Owner(
        "mosspost",
        "Moss Post",
        "trail",
        (Handle("instagram", "sim_mosspost", 6_660, 4.2),),
        silent=True,
    ),
    Owner(
        "choir",
        "Harbour Lights Choir",
        "trail",
        (Handle("youtube", "sim_harbourlights", 13_100, 1.7, state="RESTRICTED"),),
        friends=("paperboats",),
    ),
    Owner(
        "glasswing",
        "Glasswing Greenhouse 🦋",
        "trail",
        (
            Handle("youtube", "sim_glasswing", 178_000, 3.0),
            Handle("twitch", "sim_glasswing", 33_400),
        ),
        friends=("cometchess", "attic"),
    ),
    Owner(
        "signalgarden",
        "Signal Garden",
        "sky",
        (
            Handle("instagram", "sim_signalgarden", 2_140, 6.6, since=20),
            Handle("youtube", "sim_signalgarden", 990, 9.1, since=20),
        ),
        friends=("lantern", "meteormill"),
    ),
    Owner(
        "attic",
        "Attic Synth Library",
        "attic",
        (
            Handle("youtube", "sim_atticsynth", 92_000, 2.1),
            Handle("instagram", "sim_atticsynth", 30_300, 1.9),
            Handle("twitch", "sim_atticsynth", 12_000),
        ),
        friends=("glasswing", "velvet", "dialtone", "northwind"),
    ),
    Owner(
        "velvet",
        "Velvet Anvil",
        "attic",
        (
            Handle("youtube", "sim_velvetanvil", 410_000, 2.3),
            Handle("tiktok", "sim_velvetanvil", 77_000, 5.9),
        ),
        friends=("attic", "dialtone"),
    ),
    Owner(
        "dialtone",
        "Dial Tone Theatre",
        "attic",
        (
            Handle("youtube", "sim_dialtone", 8_800, 3.8),
            Handle("twitch", "sim_dialtone", 2_900),
        ),
        friends=("attic", "velvet"),
    ),
    Owner(
        "northwind",
        "Мастерская «Тихий ветер»",
        "attic",
        (
            Handle("youtube", "sim_tikhiyveter", 66_100, 4.0),
            Handle("instagram", "sim_tikhiyveter", 19_500, 2.8),
        ),
        friends=("attic", "lastferry"),
    ),
    Owner(
        "lastferry",
        "Last Ferry Maps",
        "attic",
        (Handle("youtube", "sim_lastferry", 1_120, 7.0),),
        friends=("northwind",),
    ),
)
"""Invented owners, in an order that also numbers their accounts: add new ones at the end."""

LISTINGS: Final = (
    Listing("twitter:nasa", ("instagram:nasa", "youtube:nasa", "lantern", "slowscope")),
    Listing("twitter:nasa", ("tidepool", "paperboats", "quiet")),
    Listing("twitter:nasa", ("ridge",), until=18),
    Listing("youtube:nasa", ("instagram:nasa", "twitter:nasa", "youtube:nasagovvideo")),
    Listing("youtube:nasa", ("lantern", "meteormill", "slowscope", "starfield", "oldpier")),
    Listing("youtube:nasa", ("cometchess", "glasswing", "choir", "instagram:sim_mosspost")),
    Listing("youtube:nasa", ("signalgarden",), since=20),
    Listing("youtube:nasa", ("kettle",), since=25),
    Listing("instagram:nasaartemis", ("instagram:nasa", "twitter:nasa", "crumbwork")),
    Listing("instagram:nasaartemis", ("cometbakery", "moonbakery", "orchard", "kettle")),
    Listing("instagram:nasaartemis", ("nightloaf", "altitude", "paperrocket", "copperkite")),
    Listing("instagram:nasaartemis", ("instagram:sim_ridgerail", "instagram:sim_lanternhill")),
    Listing("youtube:sim_lanternhill", ("youtube:nasa",)),
    Listing("instagram:sim_crumbwork", ("instagram:nasaartemis",)),
    Listing("twitter:sim_tidepoolradio", ("twitter:nasa", "twitter:sim_slowscope")),
)
"""Links that do not follow from owners and friends."""
