"""Turn JSON text into values without loss: decimals as Decimal, and every flaw of the text named.

The quick decoder (msgspec) reads what is well formed. Whatever it refuses, and whatever it would pass
over in silence (a member that is given twice), goes through the slower one of the standard library,
which says what is wrong and where.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

import msgspec

from xlreport.json_words import expected, found
from xlreport.sources.items import Json

__all__ = [
    "MAX_DEPTH",
    "BrokenJsonError",
    "Flaw",
    "TooDeepError",
    "decode",
    "elements",
    "is_ordinary",
    "members",
    "starts_with",
]

MAX_DEPTH: Final = 100
"""Levels of arrays and objects that a document may have."""
_LARGEST_EXPONENT: Final = 308
"""Of the numbers that a worksheet, and every program with IEEE doubles, can hold."""

_COLON: Final = re.compile(rb'"\s*:')
"""After the name of a member; a text may hold it too, which costs time and changes nothing."""

_LONG: Final = b"0" * 16
_OUTLINE: Final = bytes(
    next((b"0e-"[at] for at, group in enumerate((b"0123456789", b"eE", b"+-")) if byte in group), b" "[0])
    for byte in range(256)
)
"""Turns any digit into 0, any sign into a minus and all that is not part of a number into a blank."""

Path = tuple[str | int, ...]
Step = TypeVar("Step", str, int)


@dataclass(frozen=True, slots=True)
class Flaw:
    """A value that JSON, or a record, cannot hold; it was left out or mended."""

    code: str
    """not-a-number, number-out-of-range, duplicate-member or lone-surrogate."""
    path: Path
    shown: str
    """The value as it stands in the text, or the member's name."""


class BrokenJsonError(Exception):
    """The text is not JSON."""

    def __init__(self, line: int, column: int, expected: str, found: str) -> None:
        """Say what was ``expected`` at ``line`` and ``column``, from 1; ``found`` is empty at the end."""
        super().__init__(expected)
        self.line = line
        self.column = column
        self.expected = expected
        self.found = found


class TooDeepError(Exception):
    """The document has more than `MAX_DEPTH` levels."""


@dataclass(frozen=True, slots=True)
class _NoNumber:
    """Stands for a number that cannot be one until it is left out."""

    text: str
    code: str


class _RepeatedMembers(dict[str, Json]):
    """An object in whose text the members ``names`` are given more than once."""

    names: tuple[str, ...] = ()


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if abs(number.adjusted()) > _LARGEST_EXPONENT and number:
        raise InvalidOperation
    return number


_DECODER: Final = msgspec.json.Decoder(float_hook=_decimal)
_ORDINARY: Final = msgspec.json.Decoder(float_hook=Decimal)
"""Does without a look at the size of each number."""
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_MEMBERS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ELEMENTS: Final = msgspec.json.Decoder(list[msgspec.Raw])


def decode(text: bytes | msgspec.Raw, *, ordinary: bool = False) -> tuple[Json, tuple[Flaw, ...]]:
    """Return the value of a UTF-8 text and its flaws; raise BrokenJsonError or TooDeepError.

    Decimals keep their digits; a number that is none (NaN, 1e999) is left out; of members that are given
    twice the last counts; a surrogate without its partner becomes U+FFFD.
    """
    raw = bytes(text)
    try:
        value = (_ORDINARY if ordinary else _DECODER).decode(raw)
    except (ValueError, InvalidOperation, RecursionError):
        return _decode_slowly(raw)
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH and _deeper_than(value, MAX_DEPTH):
        raise TooDeepError
    if raw.count(b'"') != _ENCODER.encode(value).count(b'"'):  # a member is given twice, or a quote as \u0022
        return _decode_slowly(raw)
    return value, ()


def is_ordinary(raw: bytes) -> bool:
    """Tell whether a text has no number of more than 15 digits or with an exponent, and no day in the year 0.

    What looks like one inside a text makes it say no, which costs time and changes nothing.
    """
    outline = raw.translate(_OUTLINE, b".")
    return not (_LONG in outline or b"0e0" in outline or b"0e-" in outline or b'"0000-' in raw)


def members(text: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    """Return the members of an object, still as text; ValueError or RecursionError where it is not sound."""
    return _MEMBERS.decode(text)


def elements(text: bytes | msgspec.Raw) -> list[msgspec.Raw]:
    """Return the elements of an array, still as text; ValueError or RecursionError where it is not sound."""
    return _ELEMENTS.decode(text)


def each_once(text: bytes, found: Mapping[str, msgspec.Raw]) -> bool:
    """Tell whether the members ``found`` in the text of an object are all that it gives, none twice."""
    inside = sum(bytes(value).count(b'":') for value in found.values())
    return not _more_members(text, inside + len(found))


def _more_members(text: bytes, expected: int) -> bool:
    """Tell whether the text seems to have more than the ``expected`` members, and so perhaps one twice."""
    return text.count(b'":') != expected and len(_COLON.findall(text)) != expected


def starts_with(text: bytes | msgspec.Raw, *openings: bytes) -> bool:
    """Tell whether the text begins with these characters, blanks aside, such as ``b"[", b"{"``."""
    rest = bytes(memoryview(text)[:4096])
    for opening in openings:
        rest = rest.lstrip()
        if not rest.startswith(opening):
            return False
        rest = rest.removeprefix(opening)
    return True


def _deeper_than(value: object, levels: int) -> bool:
    level = [value]
    for _ in range(levels + 1):
        inside = [node for node in level if isinstance(node, dict | list)]
        if not inside:
            return False
        level = [child for node in inside for child in (node.values() if isinstance(node, dict) else node)]
    return True


def _decode_slowly(raw: bytes) -> tuple[Json, tuple[Flaw, ...]]:
    text = raw.decode()
    try:
        value = json.loads(
            text,
            parse_float=_number,
            parse_int=_integer,
            parse_constant=lambda word: _NoNumber(word, "not-a-number"),
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise BrokenJsonError(error.lineno, error.colno, expected(error), found(error)) from error
    except RecursionError as error:
        raise TooDeepError from error
    flaws: list[Flaw] = []
    return _sound(value, (), flaws), tuple(flaws)


def _number(text: str) -> Decimal | _NoNumber:
    try:
        return _decimal(text)
    except InvalidOperation:
        return _NoNumber(text, "number-out-of-range")


def _integer(text: str) -> int | _NoNumber:
    return int(text) if len(text) <= _LARGEST_EXPONENT else _NoNumber(text, "number-out-of-range")


def _object(pairs: Sequence[tuple[str, Json]]) -> dict[str, Json]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    marked = _RepeatedMembers(plain)
    marked.names = tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
    return marked


def _sound(value: Json, path: Path, flaws: list[Flaw]) -> Json:
    """Return ``value`` with its flaws mended, and add them to ``flaws``."""
    if len(path) >= MAX_DEPTH and isinstance(value, dict | list):
        raise TooDeepError
    match value:
        case str():
            return _sound_text(value, path, flaws)
        case _RepeatedMembers():
            flaws += [Flaw("duplicate-member", path, name) for name in value.names]
            return _sound(dict(value), path, flaws)
        case dict():
            named = _numbers_only(value.items(), path, flaws)
            return {
                _sound_text(name, path, flaws): _sound(item, (*path, name), flaws) for name, item in named
            }
        case list():
            kept = _numbers_only(enumerate(value), path, flaws)
            return [_sound(item, (*path, position), flaws) for position, item in kept]
        case _NoNumber():
            flaws.append(Flaw(value.code, path, value.text))
            return None
    return value


def _numbers_only(
    pairs: Iterable[tuple[Step, Json]], path: Path, flaws: list[Flaw]
) -> list[tuple[Step, Json]]:
    kept = []
    for name, item in pairs:
        if isinstance(item, _NoNumber):
            flaws.append(Flaw(item.code, (*path, name), item.text))
        else:
            kept.append((name, item))
    return kept


def _sound_text(text: str, path: Path, flaws: list[Flaw]) -> str:
    if text.isascii():
        return text
    mended = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    if mended != text:
        flaws.append(Flaw("lone-surrogate", path, mended))
    return mended
