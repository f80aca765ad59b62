"""What a terminal and its shell leave word of in the environment."""

from __future__ import annotations

import os
from typing import Final

COMPLETE_VARIABLE: Final = "_GRAPHCRAWL_COMPLETE"
"""By it a shell asks for completions."""


def wants_color() -> bool:
    """Tell whether ``NO_COLOR`` leaves colours allowed."""
    return not os.environ.get("NO_COLOR")


def bash_words() -> tuple[str, int] | None:
    """Give the words of the line that bash completes, and which one; None if none is asked for."""
    at = os.environ.get("COMP_CWORD", "")
    if os.environ.get(COMPLETE_VARIABLE) != "complete_bash" or not at.isdecimal():
        return None
    return os.environ.get("COMP_WORDS", ""), int(at)


def replace_bash_words(words: str, at: int) -> None:
    """Let other words stand for those that `bash_words` gives."""
    os.environ.update({"COMP_WORDS": words, "COMP_CWORD": str(at)})
