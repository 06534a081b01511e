"""Turn a simple regular expression into words: ``^[A-Z]{3}-[0-9]+$`` -> ``3 capital letters, then '-', ...``.

Nothing is said of a pattern that is more than one piece after another: half a description misleads.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from xlreport.sentences import Counted, Listed, Name, Sentence

__all__ = ["in_words"]

_CLASS: Final = r"\[[^\]\\^]+\]|\\d"
_TIMES: Final = r"\{(?P<exact>[0-9]+)\}|\{(?P<least>[0-9]+),(?P<most>[0-9]*)\}|(?P<sign>[+*?])"
_PIECE: Final = re.compile(
    rf"(?:(?P<class>{_CLASS})|(?P<literal>(?:\\[.\-/+*?()]|[\w /:,;_-])+?))(?:{_TIMES})?(?![+*?{{])"
)
_CHOICE: Final = re.compile(r"\^\(?(?:\?:)?([\w -]+(?:\|[\w -]+)+)\)?\$")
_MOST_PIECES: Final = 6

_Noun = Callable[[int], Counted]
_NOUNS: Final[Mapping[str, _Noun]] = {
    "A-Z": lambda number: Counted(number, "capital letter"),
    "a-z": lambda number: Counted(number, "small letter"),
    "0-9": lambda number: Counted(number, "digit"),
    "A-Za-z": lambda number: Counted(number, "letter"),
    "A-Z0-9": lambda number: Counted(number, "capital letter or digit", "capital letters or digits"),
    "a-z0-9": lambda number: Counted(number, "small letter or digit", "small letters or digits"),
    "A-Za-z0-9": lambda number: Counted(number, "letter or digit", "letters or digits"),
}
_ORDER: Final = ("A-Z", "a-z", "0-9")


@cache
def in_words(pattern: str) -> str:
    """Return what a pattern asks for, or an empty string where it is not as simple as that."""
    choice = _CHOICE.fullmatch(pattern)
    if choice:
        return Listed(map(Name, choice[1].split("|")), "or")
    if not pattern.startswith("^"):
        return ""
    whole = pattern.endswith("$") and not pattern.endswith("\\$")
    pieces = _pieces(pattern[1:-1] if whole else pattern[1:])
    if not pieces:
        return ""
    return _in_a_row(pieces) if whole else Sentence("a beginning of {form}", form=_in_a_row(pieces))


def _pieces(rest: str) -> list[str]:
    """Return the pieces in words, or none where one of them is not understood."""
    found: list[str] = []
    while rest:
        piece = _PIECE.match(rest)
        words = _said(piece) if piece else ""
        if not piece or not words or len(found) == _MOST_PIECES:
            return []
        found.append(words)
        rest = rest[piece.end() :]
    return _joined_literals(found)


def _said(piece: re.Match[str]) -> str:
    if piece["literal"]:
        repeated = piece["exact"] or piece["least"] or piece["sign"]
        return "" if repeated else _Literal(re.sub(r"\\(.)", r"\1", piece["literal"]))
    noun = _noun(piece["class"])
    return _times(piece, noun) if noun else ""


class _Literal(str):
    """Characters that stand in the value as they are."""

    __slots__ = ()


def _joined_literals(pieces: list[str]) -> list[str]:
    joined: list[str] = []
    for piece in pieces:
        if isinstance(piece, _Literal) and joined and isinstance(joined[-1], _Literal):
            joined[-1] = _Literal(joined[-1] + piece)
        else:
            joined.append(piece)
    return [Name(f"'{piece}'") if isinstance(piece, _Literal) else piece for piece in joined]


def _noun(written: str) -> _Noun | None:
    if written == r"\d":
        return _NOUNS["0-9"]
    ranges = re.findall(r".-.", written[1:-1])
    if "".join(ranges) != written[1:-1] or not set(ranges) <= set(_ORDER):
        return None
    return _NOUNS["".join(each for each in _ORDER if each in ranges)]


def _times(piece: re.Match[str], noun: _Noun) -> str:
    sign = {"+": ("1", ""), "*": ("0", ""), "?": ("0", "1")}.get(piece["sign"] or "")
    least, most = sign or (piece["least"], piece["most"])
    if least is None:
        return noun(int(piece["exact"] or 1))
    if not most:
        return Sentence("at least {count}", count=noun(int(least))) if least != "0" else ""
    if least == "0":
        return Sentence("up to {count}", count=noun(int(most)))
    return Sentence("{least} to {count}", least=Name(least), count=noun(int(most)))


def _in_a_row(pieces: list[str]) -> str:
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = Sentence("{form}, then {next}", form=whole, next=piece)
    return whole
