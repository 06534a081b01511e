"""Where lines of text break, and how many of them a text takes, in any script."""

import re
from typing import Final

from xlreport.text import text_width

__all__ = ["breaks_anywhere", "unbroken", "wrapped_lines"]

_WIDE: Final = re.compile(r"[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF00-\uFFEF]")
"""A character of a script that breaks lines between any two."""
_LAST_LATIN: Final = "\u024f"
_NARROWER: Final = 0.87
"""How much less room a line has for letters in Cyrillic or Arabic, as against Latin ones."""


def wrapped_lines(text: str, width: float) -> int:
    """Return how many lines a text takes that wraps within the width of so many Latin letters."""
    lines, used = 1, 0.0
    if not text.isascii() and _is_broad(text):
        width *= _NARROWER
    for word in text.split():
        for position, part in enumerate(unbroken(word)):
            wide, blank = text_width(part), int(position == 0)
            if used and used + blank + wide > width:
                lines, used = lines + 1, 0.0
            used += wide + (blank if used else 0)
            while used > width > 1:
                lines, used = lines + 1, used - width
    return lines


def unbroken(text: str) -> list[str]:
    """Return the parts of a text that a line break cannot tear: words, and each Chinese character alone."""
    return (text if text.isascii() else _WIDE.sub(r" \g<0> ", text)).split()


def breaks_anywhere(text: str) -> bool:
    """Tell whether a text is in a script that breaks lines between any two characters."""
    return bool(_WIDE.search(text))


def _is_broad(text: str) -> bool:
    return any(letter > _LAST_LATIN and letter.isalpha() for letter in text) and not breaks_anywhere(text)
