"""Guess what a value was meant to be.

A decimal comma, thousands separators, a currency beside the number, a letter of another alphabet, small
letters instead of capitals, or a word that says that there is no value. Days have hints of their own.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Final

from xlreport.checks.engines import condition, installed_engine
from xlreport.checks.look_alikes import as_digits, as_latin, strange_letter
from xlreport.language import key
from xlreport.sentences import Sentence
from xlreport.text import nearest, shown

__all__ = ["empty_hint", "enum_hint", "number_hint", "pattern_hint", "text_hint", "truth_hint"]

_SPACES: Final = " \u00a0\u202f'\u2019"
_DECIMAL_COMMA: Final = re.compile(rf"[+-]?([0-9]{{1,3}}([.{_SPACES}][0-9]{{3}})+|[0-9]+),[0-9]+")
_THOUSANDS_COMMA: Final = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_THOUSANDS_POINT: Final = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3}){2,}")
_SPACED: Final = re.compile(rf"[+-]?[0-9]{{1,3}}([{_SPACES}][0-9]{{3}})+(\.[0-9]+)?")
_PLAIN: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_BESIDE: Final = re.compile(
    r"(?P<before>[^\d\s.,+()-]{1,5})?\s*(?P<number>[+-]?[\d].*?)\s*(?P<after>[^\d\s.,()-]{1,5})?"
)
"""A number with a currency or a unit before or after it."""
_IN_BRACKETS: Final = re.compile(r"\((.+)\)|(.+[0-9])-")
"""What bookkeepers write for a negative number."""
_OF_ALPHABETS: Final[Mapping[str, str]] = {
    "CYRILLIC": key("{question} {character} is a Cyrillic letter that only looks like {other}."),
    "GREEK": key("{question} {character} is a Greek letter that only looks like {other}."),
}
_NO_VALUE: Final = frozenset(
    {"-", "--", "—", "–", "?", ".", "/", "n/a", "na", "n.a.", "n.a", "#n/a", "nan", "null", "nil", "none"}
    | {
        "unknown",
        "tbd",
        "tba",
        "tbc",
        "k.a.",
        "entfällt",
        "unbekannt",
        "n.d.",
        "s.o.",
        "нет",
        "н/д",
        "不详",
        "无",
    }
)
_TRUE: Final = frozenset(
    {"yes", "y", "x", "1", "ja", "j", "oui", "o", "sí", "si", "s", "да", "д", "是", "نعم", "wahr", "vrai"}
)
_FALSE: Final = frozenset({"no", "n", "0", "nein", "non", "нет", "н", "否", "لا", "falsch", "faux", "falso"})


def empty_hint(value: object) -> str:
    """Return the advice to leave a cell empty, for a text that says that there is no value."""
    if isinstance(value, str) and value.strip().casefold() in _NO_VALUE:
        return Sentence("If that means that there is no value, leave the cell empty.")
    return ""


def number_hint(value: object) -> str:
    """Return what to write instead of a number that is text, or an empty string."""
    if not isinstance(value, str):
        return ""
    text = value.strip()
    return empty_hint(text) or _plain_number(text) or _dressed_number(text) or _mistyped_number(text)


def _plain_number(text: str) -> str:
    """Return the hint for digits with something between them."""
    if _PLAIN.fullmatch(text):
        return Sentence("It is text that looks like a number; enter it as a number.")
    if _THOUSANDS_COMMA.fullmatch(text) and text.count(",") == 1 and "." not in text:
        return Sentence(
            "Write {meant} or {other}, whichever is meant: a number has no comma.",
            meant=text.replace(",", ""),
            other=text.replace(",", "."),
        )
    meant = _read(text)
    if meant and _DECIMAL_COMMA.fullmatch(text):
        return Sentence(
            "Write {meant}: a point before the decimals, nothing between the thousands.", meant=meant
        )
    return Sentence("Write {meant}: nothing stands between the thousands.", meant=meant) if meant else ""


def _dressed_number(text: str) -> str:
    """Return the hint for a number with a sign of percent, a currency, or brackets about it."""
    negative = _IN_BRACKETS.fullmatch(text)
    if negative and (number := _read(negative[1] or negative[2])):
        return Sentence("Write {meant}: a minus before a negative number.", meant=f"-{number}")
    found = _BESIDE.fullmatch(text)
    if not found or not (found["before"] or found["after"]):
        return ""
    number = _read(found["number"])
    if not number or (found["before"] and text[len(found["before"])] in "+-"):
        return ""
    if "%" in (found["before"], found["after"]):
        share = format((Decimal(number) / 100).normalize(), "f")
        return Sentence(
            "Write {meant} or {other}, whichever is asked for: a number has no percent sign.",
            meant=number,
            other=share,
        )
    beside = found["before"] or found["after"]
    return Sentence("Write {meant}: the number alone, without {text}.", meant=number, text=shown(beside))


def _read(text: str) -> str:
    """Return the number that a text with separators means; empty where that is not certain."""
    text = text.strip()
    if _PLAIN.fullmatch(text):
        return text
    if _THOUSANDS_COMMA.fullmatch(text):
        return text.replace(",", "")
    if _THOUSANDS_POINT.fullmatch(text):
        return text.replace(".", "")
    if _DECIMAL_COMMA.fullmatch(text):
        return re.sub(r"[^0-9+,-]", "", text).replace(",", ".")
    return re.sub(r"[^0-9.+-]", "", text) if _SPACED.fullmatch(text) else ""


def _mistyped_number(text: str) -> str:
    """Return the hint for letters, or wide digits, in place of digits."""
    meant = as_digits(text)
    if meant == text or not any(letter.isdigit() for letter in text) or not (number := _read(meant)):
        return ""
    return _look_alike(text, meant, number)


def _look_alike(text: str, plain: str, meant: str) -> str:
    """Return the guess, with the character that is not what it looks like."""
    question = Sentence("Did you mean {guess}?", guess=meant)
    strange = strange_letter(text, plain)
    if not strange:
        return question
    alphabet = unicodedata.name(strange[0], "").partition(" ")[0]
    template = _OF_ALPHABETS.get(
        alphabet, key("{question} {character} is not the {other} that it looks like.")
    )
    return Sentence(template, question=question, character=shown(strange[0]), other=shown(strange[1]))


def truth_hint(value: object) -> str:
    """Return which of true and false a yes or a no means."""
    word = str(value).strip().casefold()
    if word in ("true", "false"):
        return Sentence("It is text; enter it without quotes or blanks: {meant}.", meant=word)
    if word in _TRUE or word in _FALSE:
        return Sentence("Did you mean {guess}?", guess="true" if word in _TRUE else "false")
    return empty_hint(value)


def text_hint(value: object) -> str:
    """Return how to enter a number, or a truth value, as text."""
    if isinstance(value, bool):
        return Sentence("Enter it as text: {meant}.", meant=f'"{str(value).lower()}"')
    if isinstance(value, int | Decimal):
        return Sentence("Enter it as text: {meant}.", meant=f'"{value}"')
    return ""


def enum_hint(value: object, known: Iterable[Any] = ()) -> str:
    """Return the nearest of the known values as a question, or the advice to leave the cell empty."""
    if value is None:
        return ""
    texts = [text for text in known if isinstance(text, str)]
    written = str(value)
    plain = as_latin(written)
    if plain != written and plain in texts:
        return _look_alike(written, plain, shown(plain))
    meant = nearest(plain, texts)
    return Sentence("Did you mean {guess}?", guess=shown(meant)) if meant else empty_hint(value)


def pattern_hint(value: object, pattern: str) -> str:
    """Return the value without blanks, or in capitals, or in other letters, if that is what was wanted."""
    if not isinstance(value, str):
        return ""
    fits = _matcher(pattern)
    for meant in _readings(value):
        if meant != value and fits(meant):
            return _look_alike(value, meant, shown(meant))
    return empty_hint(value)


def _readings(value: str) -> Iterator[str]:
    """Yield what a text may have been meant to be, the nearest first."""
    stripped = value.strip()
    for text in (stripped, as_latin(stripped), "".join(as_latin(stripped).split()), as_digits(stripped)):
        yield from (text, text.upper(), text.lower())
    yield re.sub(r"[\s_/'\"\[\](){}-]", "", as_latin(stripped)).upper()


@cache
def _matcher(pattern: str) -> Callable[[Any], bool]:
    return condition({"pattern": pattern}, installed_engine())
