"""What can be a name at all, on any network."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from graphcrawl.wording import printable

LONGEST_TEXT: Final = 512
"""Characters that a name or an address may have."""

_SHOWN: Final = 60

_NEVER_IN_A_NAME: Final = frozenset("/\\?#:@,;\"'<>")

# Some scripts spell with these two, so a handle may hold them.
_JOINERS: Final = frozenset("\u200c\u200d")

_SPREADSHEET_ID: Final = re.compile(r"[0-9]+\.0|[0-9]+([.,][0-9]+)?e\+[0-9]+", re.IGNORECASE)


def shown(text: str) -> str:
    """Quote a text in a message: one line, and not too long."""
    return f"'{printable(text, _SHOWN)}'"


def text_fault(text: str) -> str | None:
    """Say why neither a name nor an address can look like this; None where one can."""
    if any(character.isspace() for character in text):
        return "there is space in it"
    return stored_fault(text)


def stored_fault(text: str) -> str | None:
    """Say why no stored account can be called so; None where one can.

    Accounts of an imported graph are called whatever its file calls them.
    """
    if not text:
        return "nothing is there"
    if len(text) > LONGEST_TEXT:
        return f"it is longer than {LONGEST_TEXT} characters"
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character not in _JOINERS:
            return f"there is an invisible character in it (U+{ord(character):04X})"
    return None


def stored_id_fault(social_id: str) -> str | None:
    """Say why no stored account can have this ID; None where one can."""
    if _SPREADSHEET_ID.fullmatch(social_id):
        return "a spreadsheet wrote this ID as a decimal number: its digits are no longer sure"
    return stored_fault(social_id)


def name_fault(name: str) -> str | None:
    """Say why this is no username, without ``@``, on any network; None where it may be one."""
    fault = text_fault(name)
    if fault is not None:
        return fault
    if "/" in name and "." in name.partition("/")[0]:
        return "it is an address, and no profile's on the six networks"
    if name.casefold().startswith("www."):
        return "it is a site's address, not a profile's"
    wrong = next((character for character in name if character in _NEVER_IN_A_NAME), None)
    if wrong is not None:
        return f"no name holds {wrong} (give one name, or a profile's whole address)"
    return None if name.strip(".") else "a name is not only dots"


def id_fault(social_id: str) -> str | None:
    """Say why this is no report ID; None where it may be one."""
    return stored_id_fault(social_id) or name_fault(social_id)
