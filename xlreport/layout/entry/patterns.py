"""Turn a regular expression into an Excel formula, where it is one of those that a formula can say.

That is a sequence of characters and classes of characters of fixed length, such as ``^[A-Z]{2}[0-9]{4}$``.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from xlreport.language import excel_literal

__all__ = ["Run", "fixed_runs", "pattern_formula"]

_TOKEN: Final = re.compile(
    r"(?P<set>\[[^\]\[\\^]+\])|(?P<digit>\\d)|\\(?P<escaped>[^\w\s])|(?P<literal>[^\\\[\](){}.*+?|^$])"
)
_COUNT: Final = re.compile(r"\{([0-9]{1,2})\}")
_MOST_LENGTH: Final = 40
_DIGITS: Final = "0123456789"


@dataclass(frozen=True, slots=True)
class Run:
    """So many characters, each of them one of ``characters``."""

    characters: str
    count: int


def fixed_runs(pattern: str) -> tuple[Run, ...] | None:
    """Return what a pattern asks for, from the first character to the last; None where it is another."""
    if not (pattern.startswith("^") and pattern.endswith("$") and not pattern.endswith("\\$")):
        return None
    runs = list(_runs(pattern[1:-1]))
    if None in runs or not 0 < sum(run.count for run in runs if run) <= _MOST_LENGTH:
        return None
    return _merged([run for run in runs if run])


def _runs(body: str) -> Iterator[Run | None]:
    place = 0
    while place < len(body):
        token = _TOKEN.match(body, place)
        if token is None:
            yield None
            return
        count = _COUNT.match(body, token.end())
        place = count.end() if count else token.end()
        characters = _characters(token)
        yield Run(characters, int(count[1]) if count else 1) if characters else None


def _characters(token: re.Match[str]) -> str:
    if token["set"]:
        return _class(token["set"][1:-1])
    if token["digit"]:
        return _DIGITS
    return token["escaped"] or token["literal"]


def _class(body: str) -> str:
    """Return the characters of a class; a hyphen at its beginning or end is one of them."""
    found, place = "", 0
    while place < len(body):
        if body[place + 1 : place + 2] == "-" and place + 2 < len(body):
            found += "".join(map(chr, range(ord(body[place]), ord(body[place + 2]) + 1)))
            place += 3
        else:
            found += body[place]
            place += 1
    return found


def _merged(runs: list[Run]) -> tuple[Run, ...]:
    found: list[Run] = []
    for run in runs:
        if found and found[-1].characters == run.characters:
            found[-1] = Run(run.characters, found[-1].count + run.count)
        elif run.count:
            found.append(run)
    return tuple(found)


def pattern_formula(runs: tuple[Run, ...], cell: str, named: Callable[[str], str]) -> str:
    """Return the formula that is true where the text in ``cell`` fits; ``named`` gives texts a name.

    FIND tells capitals from small letters, and knows no wildcards.
    """
    finds, place = [], 1
    for run in runs:
        literal = named(run.characters)
        if len(run.characters) == 1:
            text = excel_literal(run.characters * run.count)
            finds.append(f"EXACT(MID({cell},{place},{run.count}),{text})")
        else:
            parts = [f"FIND(MID({cell},{at},1),{literal})" for at in range(place, place + run.count)]
            finds.append(f"ISNUMBER({'+'.join(parts)})")
        place += run.count
    return f"AND(LEN({cell})={place - 1},{','.join(finds)})"
