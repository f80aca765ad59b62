"""Invented names of invented owners, in several scripts; all of them workshops, clubs and shops.

Every name joins a thing that people make or do with a word, so that none is a person's.
"""

from __future__ import annotations

from typing import Final

_ONSETS: Final = (
    "bra",
    "cel",
    "dor",
    "fen",
    "gal",
    "hul",
    "ist",
    "jor",
    "kel",
    "lum",
    "mar",
    "nov",
)
_MIDDLES: Final = ("a", "e", "i", "o", "u", "ari", "elo", "ivo", "ona", "umi")
_CODAS: Final = ("da", "fin", "ko", "lan", "mi", "nar", "po", "rix", "sta", "tell", "vek", "zo")

_PLACES: Final = (
    "Bakery",
    "Bicycle Works",
    "Board Games",
    "Botanic Club",
    "Coffee Lab",
    "Film Club",
    "Garden",
    "Kitchen",
    "Knitting",
    "Makers",
    "Observatory",
    "Pottery",
    "Radio",
    "Records",
    "Running Club",
    "Science Club",
    "Ski School",
    "Street Food",
    "Surf Shop",
    "Synths",
)
_CHINESE: Final = (
    ("山风", "星河", "竹影", "云海", "小满", "青石", "晚灯", "橘子"),
    ("茶馆", "书店", "厨房", "工作室", "天文社", "自行车", "唱片", "花园"),
)
_ARABIC: Final = (
    ("مخبز", "مقهى", "ورشة", "نادي", "حديقة", "مكتبة", "مطبخ", "إذاعة"),
    ("القمر", "النخيل", "البحر", "النجوم", "الزيتون", "الصباح", "الريح", "الواحة"),
)
_CYRILLIC: Final = (
    ("Мастерская", "Пекарня", "Кофейня", "Студия", "Лавка", "Клуб", "Кухня", "Теплица"),
    ("«Ветер»", "«Маяк»", "«Ольха»", "«Комета»", "«Север»", "«Лодка»", "«Искра»", "«Мята»"),
)
_KOREAN: Final = (
    ("달빛", "바람", "구름", "별밤", "초록", "노을", "파도", "눈꽃"),
    ("책방", "찻집", "공방", "부엌", "식물원", "극장", "빵집", "자전거"),
)
_EMOJI: Final = ("🌿", "🚲", "🔭", "🎧", "🍞", "🧶", "☕", "🌊")


def slug(bits: int) -> str:
    """Compose a pronounceable word of lower-case ASCII letters from random bits."""
    bits, onset = divmod(bits, len(_ONSETS))
    bits, middle = divmod(bits, len(_MIDDLES))
    return _ONSETS[onset] + _MIDDLES[middle] + _CODAS[bits % len(_CODAS)]


def title(bits: int) -> str:
    """Compose an owner's name from random bits: two in three are Latin."""
    bits, script = divmod(bits, 12)
    if script == 0:
        return _joined(_CHINESE, bits, "")
    if script == 1:
        return _joined(_ARABIC, bits, " ")
    if script == 2:
        return _joined(_CYRILLIC, bits, " ")
    if script == 3:
        return _joined(_KOREAN, bits, " ")
    return _latin(bits, with_emoji=script == 4)


def _joined(words: tuple[tuple[str, ...], tuple[str, ...]], bits: int, glue: str) -> str:
    bits, first = divmod(bits, len(words[0]))
    return words[0][first] + glue + words[1][bits % len(words[1])]


def _latin(bits: int, *, with_emoji: bool) -> str:
    bits, place = divmod(bits, len(_PLACES))
    name = f"{slug(bits).capitalize()} {_PLACES[place]}"
    return f"{name} {_EMOJI[bits % len(_EMOJI)]}" if with_emoji else name
