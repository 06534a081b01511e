"""The language of a workbook: its texts, and how it writes numbers, days, lists and amounts of money.

The English sentence is the key of every text, so English needs no catalogue. The other languages are made
in `languages`, of a catalogue and of what Babel knows. A `Language` is handed from stage to stage like any
other record; nothing here is kept for a whole process.
"""

import datetime as dt
import gettext
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal, NamedTuple, Protocol

from xlreport.sentences import Sentence
from xlreport.text import filled, listing, regular_plural

__all__ = ["ENGLISH", "EnglishForms", "Forms", "Language", "Said", "excel_literal", "excel_text", "key"]

_SLOT: Final = re.compile(r"\{(\w+)\}")
_MOST_NAMES: Final = 12


def key(text: str) -> str:
    """Return ``text`` as it is: the mark of a text that is looked up in a catalogue elsewhere."""
    return text


class Said(NamedTuple):
    """An amount of money in words, and the amount that the words stand for."""

    words: str
    value: Decimal


class Forms(Protocol):
    """How a language writes what is not a text of its own."""

    def number(self, value: Decimal | int, places: int = 0) -> str:
        """Return a number with so many decimals: ``7,500``."""

    def percent(self, share: Decimal) -> str:
        """Return a share with one decimal: ``12.5%``."""

    def day(self, day: dt.date) -> str:
        """Return a day as it stands in a text."""

    def listed(self, names: Sequence[str]) -> str:
        """Return ``a, b and c``."""

    def either(self, names: Sequence[str]) -> str:
        """Return ``a, b or c``."""

    def money(self, value: Decimal, currency: str) -> Said:
        """Return an amount as a sentence says it, rounded: ``$15.0 billion``."""

    def within(self, title: str) -> str:
        """Return a title as it stands within another one."""

    def country(self, code: str, name: str) -> str:
        """Return the name of the country with an ISO 3166 alpha-2 code; ``name`` where it has none."""

    def plural(self, number: int) -> int:
        """Return the position of the plural form that goes with a number."""


class EnglishForms:
    """How English writes numbers, days, lists and money."""

    def number(self, value: Decimal | int, places: int = 0) -> str:
        """Return ``7,500``."""
        return f"{value:,.{places}f}" if places else f"{value:,}"

    def percent(self, share: Decimal) -> str:
        """Return ``12.5%``."""
        return f"{share * 100:.1f}%"

    def day(self, day: dt.date) -> str:
        """Return the day in ISO form, which every reader of English takes the same way."""
        return day.isoformat()

    def listed(self, names: Sequence[str]) -> str:
        """Return ``a, b and c``."""
        return listing(names, most=len(names))

    def either(self, names: Sequence[str]) -> str:
        """Return ``a, b or c``."""
        return listing(names, "or", most=len(names))

    def money(self, value: Decimal, currency: str) -> Said:
        """Return ``$15.0 billion``; below a million the whole amount."""
        symbol = _SYMBOLS.get(currency, f"{currency} ")
        for size, word in _SIZES:
            if abs(value) >= size:
                rounded = (value / size).quantize(Decimal("0.1"))
                return Said(f"{symbol}{rounded:,} {word}", rounded * size)
        return Said(f"{symbol}{value.quantize(Decimal(1)):,}", value)

    def within(self, title: str) -> str:
        """Return the title with a small letter at its beginning."""
        return title[:1].lower() + title[1:]

    def country(self, _code: str, name: str) -> str:
        """Return the name as the regions table has it."""
        return name

    def plural(self, number: int) -> int:
        """Return 0 for one and 1 for any other number."""
        return int(number != 1)


_SYMBOLS: Final = {"USD": "$", "EUR": "€", "GBP": "£"}
_SIZES: Final = ((Decimal(10**9), "billion"), (Decimal(10**6), "million"))


@dataclass(frozen=True, slots=True)
class Language:
    """One language: the texts of a catalogue and the forms of numbers."""

    code: str = "en"
    catalogue: gettext.NullTranslations = field(default_factory=gettext.NullTranslations)
    forms: Forms = field(default_factory=EnglishForms)
    right_to_left: bool = False

    def text(self, text: str, /, **values: object) -> str:
        """Return a text in this language, with ``values`` in its braces; other braces stay as they are."""
        return filled(self.catalogue.gettext(text) if text else "", values)

    def texts(self, *texts: str) -> tuple[str, ...]:
        """Return several texts, such as the headers of a table."""
        return tuple(map(self.text, texts))

    def count(self, number: int, singular: str, several: str = "") -> str:
        """Return ``1 record`` or ``2,000 records``; ``several`` is the irregular plural."""
        forms = ("{n} " + singular, "{n} " + (several or regular_plural(singular)))
        return filled(self.catalogue.ngettext(*forms, number), {"n": self.forms.number(number)})

    def said(self, sentence: str) -> str:
        """Return a `Sentence` in this language, and any other text as it is."""
        return sentence.said_in(self) if isinstance(sentence, Sentence) else sentence

    def of_forms(self, number: int, forms: Sequence[str]) -> str:
        """Return the one of the written plural forms that goes with a number, after the number."""
        return f"{self.forms.number(number)} {forms[min(self.forms.plural(number), len(forms) - 1)]}"

    def number(self, value: Decimal | int, places: int = 0) -> str:
        """Return a number with so many decimals."""
        return self.forms.number(value, places)

    def listing(
        self, names: Iterable[object], last: Literal["and", "or"] = "and", *, most: int = _MOST_NAMES
    ) -> str:
        """Return ``a, b and c``; beyond ``most`` names the rest is counted, never dropped in silence."""
        words = [str(name) for name in names]
        if len(words) > most:
            words = [*words[:most], self.text("{n} more", n=self.number(len(words) - most))]
        return self.forms.listed(words) if last == "and" else self.forms.either(words)

    def span(self, start: dt.date, end: dt.date) -> str:
        """Return ``2017-01-01 to 2017-12-31``."""
        return self.text("{start} to {end}", start=self.forms.day(start), end=self.forms.day(end))


ENGLISH: Final = Language()


def excel_text(text: str, **formulas: str) -> str:
    """Return the Excel formula of a text with formulas in its braces: ``"All "&ROWS(A1:A3)&" hold"``."""
    parts = []
    for position, part in enumerate(_SLOT.split(text)):
        if position % 2:
            parts.append(formulas[part])
        elif part:
            parts.append(excel_literal(part))
    return "&".join(parts)


def excel_literal(text: str) -> str:
    """Return a text as a literal of an Excel formula."""
    return '"' + text.replace('"', '""') + '"'
