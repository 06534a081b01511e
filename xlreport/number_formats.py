"""Excel's number formats: their sections, what is made of them, and about what they show.

A format has up to four sections, parted by semicolons: for numbers above zero, below zero, zero, and for
text. One that has a single section is completed here: a minus before what is below zero, a dash for zero.
"""

import datetime as dt
import functools
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

__all__ = [
    "DIGITS",
    "extended",
    "pieces",
    "scaled",
    "sections",
    "shown_date",
    "shown_number",
    "with_dash",
    "with_signs",
]

DIGITS: Final = frozenset("0#?")
"""The placeholders of digits."""

_TOKEN: Final = re.compile(
    r'"[^"]*"|\[[^\]]*\]|[\\_*].|General|E[+-]|AM/PM|A/P|y+|m+|d+|h+|s+|.', re.IGNORECASE | re.DOTALL
)
_COLORS_AND_LOCALE: Final = re.compile(r"(?:\[[^\]]*\])*")
_DASH: Final = '"–"'
_ZERO: Final = 2
"""Place of the section for zero."""


@functools.lru_cache(maxsize=256)
def pieces(code: str) -> tuple[str, ...]:
    """Return the parts of a format that belong together: a quoted text, a bracket, a run of ``y``."""
    return tuple(_TOKEN.findall(code))


def sections(code: str) -> list[str]:
    """Return the sections of a format; a semicolon in quotes parts nothing."""
    found = [""]
    for piece in pieces(code):
        if piece == ";":
            found.append("")
        else:
            found[-1] += piece
    return found


def with_dash(code: str) -> str:
    """Return a format for figures: what is below zero has a minus, and zero is a dash, unless it says so."""
    parts = sections(code)
    if len(parts) == 1:
        parts.append(_signed("-", code))
    return ";".join(parts if len(parts) > _ZERO else [*parts, _DASH])


def with_signs(code: str) -> str:
    """Return a format for changes: the same with a plus before what is above zero."""
    above, *rest = sections(with_dash(code))
    return ";".join([_signed("+", above), *rest])


def scaled(code: str, thousands: int) -> str:
    """Return a format that shows the number divided by a thousand, so many times."""
    return ";".join(_with_digits_followed_by(part, "," * thousands) for part in sections(code))


def extended(code: str, places: int) -> str:
    """Return a format that shows up to ``places`` decimals, if it has any, where the number has them."""
    return ";".join(
        _with_digits_followed_by(part, "#" * (places - _places(part))) if _places(part) else part
        for part in sections(code)
    )


def _signed(sign: str, section: str) -> str:
    """Return a section with a sign, which stands behind its colour."""
    brackets = _COLORS_AND_LOCALE.match(section)
    start = brackets.end() if brackets else 0
    return section[:start] + sign + section[start:]


def _with_digits_followed_by(section: str, added: str) -> str:
    parts = list(pieces(section))
    last = max((at for at, piece in enumerate(parts) if piece in DIGITS), default=None)
    if last is None:
        return section
    parts.insert(last + 1, added)
    return "".join(parts)


def _places(section: str) -> int:
    """Return how many decimals a section shows."""
    parts = pieces(section)
    return sum(piece in DIGITS for piece in parts[parts.index(".") :]) if "." in parts else 0


# --- about what is shown ----------------------------------------------------------------------------


def shown_number(value: Decimal, code: str) -> str:
    """Return about what a cell shows of a number; for the width it is no matter whether there is a plus."""
    above, *rest = sections(code)
    if above.lower() == "general":
        return str(value)
    section, amount = (rest[0], -value) if value < 0 and rest else (above, value)
    parts = pieces(section)
    digits = [at for at, piece in enumerate(parts) if piece in DIGITS]
    first, last = (digits[0], digits[-1]) if digits else (0, -1)
    behind = parts[last + 1 :]
    commas = next((at for at, piece in enumerate(behind) if piece != ","), len(behind))
    amount = amount * (100 if "%" in parts else 1) / Decimal(1000) ** commas
    number = f"{amount:,.{_places(section)}f}"
    return _literal(parts[:first]) + number + _literal(behind[commas:])


def _literal(parts: Sequence[str]) -> str:
    return "".join(map(_letters, parts)).replace("+", "")


def _letters(piece: str) -> str:
    """Return the characters that a piece puts into a cell."""
    match piece[0]:
        case '"':
            return piece[1:-1]
        case "[":
            return piece[2:-1].partition("-")[0] if piece[1:2] == "$" else ""
        case "\\":
            return piece[1:]
        case "_":
            return " "
        case "*":
            return ""
        case _:
            return piece


_DATE_PARTS: Final = {
    "yyyy": "%Y", "yy": "%y", "mmmm": "%B", "mmm": "%b", "mm": "%m", "m": "%m",
    "dddd": "%A", "ddd": "%a", "dd": "%d", "d": "%d", "hh": "%H", "h": "%H", "ss": "%S", "s": "%S",
}  # fmt: skip
"""Token -> what `strftime` has for it; a number of one digit is taken for two."""


def shown_date(value: dt.date, code: str) -> str:
    """Return about what a cell shows of a date; ISO where the format has nothing of a date."""
    parts = pieces(sections(code)[0])
    if not any(piece.lower() in _DATE_PARTS for piece in parts):
        return value.isoformat(*[" ", "seconds"] if isinstance(value, dt.datetime) else [])
    shown, after_hours = "", False
    for piece in parts:
        name = piece.lower()
        directive = "%M" if after_hours and name in ("m", "mm") else _DATE_PARTS.get(name)
        shown += value.strftime(directive) if directive else _letters(piece)
        after_hours = name[0] == "h" or (after_hours and not directive)
    return shown
