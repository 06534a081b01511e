"""Find what Excel refuses in a number format, and what would make a number be read wrongly.

Excel offers to repair a workbook with a format that it does not understand, so only what is known to be
understood is let through. Of brackets that is two colours and the sign of a currency; conditions and elapsed
times would not go with what is made of a format here.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from xlreport.number_formats import DIGITS, pieces, sections
from xlreport.text import listing

__all__ = ["MOST_CODE", "date_problems", "number_problems"]

MOST_CODE: Final = 120
"""Characters: Excel takes 255, and the format of a change is made of two."""
_MOST_SECTIONS: Final = 4
_TEXT_SECTION: Final = 3
"""Place of the section for text."""
_BRACKET: Final = re.compile(r"\[(Black|Blue|\$[^\[\]]{0,20})\]", re.IGNORECASE)
"""Of Excel's colours those that can be read on white; its red has a contrast of 4.0 to 1."""
_PLAIN: Final = frozenset(" $-+/():!^&'~{}<>=€£¥\u2212\u00a0\u202f")
"""Characters that are shown as they stand, without quotes."""
_NUMERIC: Final = frozenset("0#?.,%")
_LETTERS: Final = ("E+", "E-", "GENERAL")
_DATE: Final = re.compile(r"y{1,4}|m{1,5}|d{1,4}|h{1,2}|s{1,2}|AM/PM|A/P", re.IGNORECASE)
_MINUS: Final = frozenset("-\u2212(")


def number_problems(code: str, *, percent: bool = False) -> Iterator[str]:
    """Yield what is wrong with the format of a number; ``percent`` says that it is one of per cent."""
    broken = list(_form(code))
    yield from broken or _number_problems(sections(code), percent=percent)


def _number_problems(parts: Sequence[str], *, percent: bool) -> Iterator[str]:
    for part in parts[:_TEXT_SECTION]:
        yield from _strange(part, lambda piece: piece in _NUMERIC or piece.upper() in _LETTERS)
    for part in parts[_TEXT_SECTION:]:
        yield from _strange(part, lambda piece: piece == "@")
    above = pieces(parts[0])
    if not DIGITS.intersection(above):
        yield "it has no digit; write 0 or # where digits are to stand"
        return
    if above.count(".") > 1:
        yield "it has two decimal points"
    if "." in above and "," in above[above.index(".") :]:
        yield "a comma stands behind the decimal point; write #,##0.00, which each Excel shows in its own way"
    yield from _percent_problems(above.count("%"), percent=percent)
    if _trailing_comma(above):
        yield "a comma behind the last digit divides by a thousand; what scales amounts is added by itself"
    if len(parts) > 1:
        yield from _negative_problems(parts[1])


def _percent_problems(signs: int, *, percent: bool) -> Iterator[str]:
    if signs > 1:
        yield "it has more than one %, and each multiplies by a hundred"
    elif bool(signs) != percent:
        yield (
            "it needs a %, without which 12% would be shown as 0.12" if percent else "a % is for percent only"
        )


def _negative_problems(section: str) -> Iterator[str]:
    if not DIGITS.intersection(pieces(section)):
        yield "numbers below zero would not be shown; give their section digits, such as -#,##0"
    elif not _MINUS.intersection(_shown(section)):
        yield "numbers below zero would look like those above; give them a minus or brackets"


def date_problems(code: str, *, time: bool = False) -> Iterator[str]:
    """Yield what is wrong with the format of a date; ``time`` says that it has a time, too."""
    broken = list(_form(code))
    yield from broken or _date_problems(sections(code), time=time)


def _date_problems(parts: Sequence[str], *, time: bool) -> Iterator[str]:
    for part in parts[:1]:
        yield from _strange(part, lambda piece: bool(_DATE.fullmatch(piece)) or piece in ".,")
    if len(parts) > 1:
        yield "a date has one section, without semicolons"
    letters = {piece[0].lower() for piece in pieces(parts[0]) if _DATE.fullmatch(piece)}
    missing = [
        name for name, letter in {"year": "y", "month": "m", "day": "d"}.items() if letter not in letters
    ]
    if missing:
        yield f"it does not show the {listing(missing)}"
    if time and "h" not in letters:
        yield "it does not show the hour"


def _form(code: str) -> Iterator[str]:
    """Yield what is wrong with the format as a text."""
    if len(code) > MOST_CODE:
        yield f"it has {len(code)} characters; it takes at most {MOST_CODE}"
    if len(sections(code)) > _MOST_SECTIONS:
        yield f"it has {len(sections(code))} sections; Excel takes {_MOST_SECTIONS}"
    for piece in pieces(code):
        if ";" in piece[1:]:
            yield "a semicolon may not stand in a text; it parts sections"
        if piece == '"':
            yield "a quotation mark is not closed"
        if piece == "[":
            yield "a bracket is not closed"
        if piece in ("\\", "_", "*"):
            yield f"nothing follows the {piece} at its end"
        if not piece.isprintable() and piece not in _PLAIN:
            yield "it has a character that cannot be printed"


def _strange(section: str, is_known: Callable[[str], bool]) -> Iterator[str]:
    """Yield a sentence for brackets and letters that Excel does not understand."""
    letters: list[str] = []
    for piece in pieces(section):
        if piece.startswith("[") and len(piece) > 1 and not _BRACKET.fullmatch(piece):
            allowed = "Black or Blue, which can be read on white, or a currency, such as [$CHF]"
            yield f"{piece} is not allowed; in brackets stands {allowed}"
        elif piece[0] not in '"[\\_*' and piece not in _PLAIN and not is_known(piece):
            letters.append(piece)
    if letters:
        yield f"the text {''.join(letters)} has to stand in quotes"


def _trailing_comma(parts: Sequence[str]) -> bool:
    last = max(at for at, piece in enumerate(parts) if piece in DIGITS)
    return parts[last + 1 : last + 2] == (",",)


def _shown(section: str) -> str:
    return "".join(
        piece.strip('"').lstrip("\\") for piece in pieces(section) if not piece.startswith(("[", "_", "*"))
    )
