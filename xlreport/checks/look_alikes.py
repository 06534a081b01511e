"""Mend what only looks right: letters of another alphabet, wide digits, the letter O in place of a zero."""

import unicodedata
from collections.abc import Mapping
from typing import Final

__all__ = ["as_digits", "as_latin", "strange_letter"]

_CYRILLIC: Final = "АВЕКМНОРСТУХІЈЅаеорсухіјѕ"  # noqa: RUF001  # they are what is looked for
_GREEK: Final = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"  # noqa: RUF001  # they are what is looked for
_LATIN: Final[Mapping[int, int]] = str.maketrans(
    _CYRILLIC + _GREEK, "ABEKMHOPCTYXIJSaeopcyxijs" + "ABEZHIKMNOPTYXo"
)
_DIGITS: Final[Mapping[int, int]] = str.maketrans("OoОоΟοIlІ|", "0000001111")  # noqa: RUF001  # they are what is looked for
"""Letters that are taken for digits, of three alphabets."""
_DASHES: Final[Mapping[int, int]] = str.maketrans("‐‑‒–—−", "------")  # noqa: RUF001  # they are what is looked for


def as_latin(text: str) -> str:
    """Return a text with plain characters where others look like them: wide ones, other alphabets, dashes."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text).translate(_LATIN).translate(_DASHES)


def as_digits(text: str) -> str:
    """Return a text with digits where wide ones, or letters that look like them, stand."""
    return as_latin(text).translate(_DIGITS)


def strange_letter(text: str, plain: str) -> tuple[str, str] | None:
    """Return the first character of ``text`` that is another in ``plain``, and that; None where none is.

    Both texts are as long; small and capital letters do not count as different.
    """
    if len(text) != len(plain):
        return None
    pairs = zip(text, plain, strict=True)
    return next(((one, other) for one, other in pairs if one.casefold() != other.casefold()), None)
