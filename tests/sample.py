"""The answer that the vendor's documentation prints: an account of NASA's, and four it lists."""

from __future__ import annotations

from typing import Final, NamedTuple


class SampleRow(NamedTuple):
    """What the documentation prints of an account, but for its avatar."""

    social_id: str
    username: str
    network: str
    title: str
    followers: int
    er: float
    state: str


SAMPLE: Final = (
    SampleRow("528817151", "nasa", "instagram", "NASA", 96809672, 0.734377, "READY"),
    SampleRow("11348282", "nasa", "twitter", "NASA", 84756058, 0, "READY"),
    SampleRow("UCLA_DiR1FfKNvjuUpBHmylQ", "nasa", "youtube", "NASA", 12244637, 2.72, "READY"),
    SampleRow("1104426670", "nasaartemis", "instagram", "NASA Artemis", 2837372, 0.440513, "READY"),
    SampleRow(
        "UC_aP7p621ATY_yAa8jMqUVA",
        "nasagovvideo",
        "youtube",
        "NASA Video",
        995500,
        5.17,
        "READY_LOW_CONFIDENCE",
    ),
)

SIGNED: Final = "?w=150&till=1740787140&sign=2b06782dfbe96d267bfd26c08d37dbfa"


def as_answered(row: SampleRow) -> dict[str, object]:
    """Give a row as the vendor writes it; all avatars but the first are made after its pattern."""
    return {
        "social_id": row.social_id,
        "username": row.username,
        "type": row.network,
        "title": row.title,
        "avatar_url": avatar_of(row),
        "subscribers_count": row.followers,
        "er": row.er,
        "state": row.state,
    }


def avatar_of(row: SampleRow) -> str:
    return f"https://cdn.hypeauditor.com/img/{row.network}/user/{row.social_id}.jpg{SIGNED}"
