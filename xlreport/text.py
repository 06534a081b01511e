"""Small pieces of English: plurals, lists of names, the nearest known name, shortened values."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

__all__ = [
    "did_you_mean",
    "filled",
    "listing",
    "nearest",
    "plural",
    "regular_plural",
    "shown",
    "text_width",
    "unlinked",
]

_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
_SLOT: Final = re.compile(r"\{(\w+)\}")


def plural(count: int, singular: str, several: str = "") -> str:
    """Return ``1 record`` or ``2,000 records``; ``several`` is the irregular plural."""
    return f"{count:,} {singular if count == 1 else several or regular_plural(singular)}"


def regular_plural(singular: str) -> str:
    """Return the plural of an English noun that forms it by rule."""
    if singular.endswith("y") and singular[-2:-1] not in "aeiou":
        return singular[:-1] + "ies"
    return singular + ("es" if singular.endswith(("s", "x", "ch", "sh")) else "s")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that ``name`` most probably meant, or None where none is near."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(name.casefold().strip(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'amount'?"``, or an empty string where no known name is near."""
    guess = nearest(name, known)
    return f"; did you mean '{guess}'?" if guess else ""


def listing(names: Iterable[object], last: str = "and", *, most: int = 12) -> str:
    """Return ``a, b and c``; beyond ``most`` names the rest is counted, never dropped in silence."""
    words = [str(name) for name in names]
    if len(words) > most:
        words = [*words[:most], f"{len(words) - most:,} more"]
    return f" {last} ".join(part for part in (", ".join(words[:-1]), words[-1]) if part) if words else ""


def filled(text: str, words: Mapping[str, object]) -> str:
    """Return ``text`` with the words in braces, such as {period}, replaced by what they stand for.

    It is done in one go: braces in a value stay as they are, as do braces around other words.
    """
    if not words:
        return text
    pieces = list(_pieces(text))
    for at in range(1, len(pieces), 2):
        name = pieces[at]
        pieces[at] = str(words[name]) if name in words else f"{{{name}}}"
    return "".join(pieces)


@lru_cache(maxsize=4096)
def _pieces(text: str) -> tuple[str, ...]:
    """Return what stands around the words in braces, and the words, by turns."""
    return tuple(_SLOT.split(text))


def unlinked(text: str) -> str:
    """Return a text in which links as Markdown has them, ``[codes](https://...)``, are their words."""
    return _LINK.sub(r"\1", text) if "](" in text else text


def text_width(text: str) -> int:
    """Return how wide a text is in columns of a fixed-width font: Chinese takes two, accents none."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def shown(value: object, *, most: int = 60) -> str:
    """Return ``value`` as it can stand in a sentence: text quoted, long text shortened with an ellipsis."""
    text = f"'{value}'" if isinstance(value, str) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
