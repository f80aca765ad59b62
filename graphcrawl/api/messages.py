"""What every message of this room has in common: whom it is about, and other people's words."""

from __future__ import annotations

from typing import Final

from graphcrawl.wording import printable

_MAX_QUOTED: Final = 200


def one_line(text: str) -> str:
    """Quote someone else's words: on one line, without effect on a terminal, not too long."""
    return printable(text, _MAX_QUOTED)


def about(account: str | None, text: str) -> str:
    """Begin a message with the account it is about, where there is one."""
    return f"{account}: {text}" if account else text
