"""How the languages of the world write numbers, days, lists, money and countries, by what Babel knows."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent, get_currency_name

from xlreport.language import Said

__all__ = ["LocaleForms", "locale_of"]

_MANY: Final = 10**9
"""A number whose plural form is the one that a currency has after "millions of"."""
_TENTH: Final = Decimal("0.1")
_SAID: Final = {
    "de": ((9, "{amount} Mrd. {name}"), (6, "{amount} Mio. {name}"), (0, "{amount} {name}")),
    "fr": ((9, "{amount} milliards {code}"), (6, "{amount} millions {code}"), (0, "{amount} {code}")),
    "es": (
        (9, "{amount} mil millones de {name}"),
        (6, "{amount} millones de {name}"),
        (0, "{amount} {name}"),
    ),
    "ru": ((9, "{amount} млрд {name}"), (6, "{amount} млн {name}"), (0, "{amount} {code}")),
    "ar": ((9, "{amount} مليار {name}"), (6, "{amount} مليون {name}"), (0, "{amount} {code}")),
    "zh": ((8, "{amount}亿{name}"), (4, "{amount}万{name}"), (0, "{amount}{name}")),
}
"""Language -> (power of ten from which on, how an amount of that size is said)."""


def locale_of(code: str) -> Locale | None:
    """Return Babel's locale for a code such as ``de`` or ``de-AT``, or None where it knows none."""
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class LocaleForms:
    """The forms of one locale."""

    locale: Locale

    def number(self, value: Decimal | int, places: int = 0) -> str:
        """Return a number with the locale's separators."""
        pattern = "#,##0" + ("." + "0" * places if places else "")
        separators: str = format_decimal(value, pattern, locale=self.locale)
        return separators

    def percent(self, share: Decimal) -> str:
        """Return a share with one decimal, and the sign where the locale has it."""
        pattern = self.locale.percent_formats[None].pattern
        return format_percent(share, pattern.replace("0", "0.0", 1), locale=self.locale)

    def day(self, day: dt.date) -> str:
        """Return a day with its month in letters."""
        return format_date(day, "long", locale=self.locale)

    def listed(self, names: Sequence[str]) -> str:
        """Return the names as the locale strings them together."""
        return format_list(list(names), locale=self.locale)

    def either(self, names: Sequence[str]) -> str:
        """Return the names as the locale strings them together where one of them is meant."""
        return format_list(list(names), style="or", locale=self.locale)

    def money(self, value: Decimal, currency: str) -> Said:
        """Return an amount with one decimal of its billions, millions, or of the locale's own large units."""
        for power, pattern in self._sizes():
            size = Decimal(10) ** power
            if abs(value) >= size and power:
                rounded = (value / size).quantize(_TENTH)
                return Said(self._said(pattern, self.number(rounded, 1), currency), rounded * size)
        pattern = next((pattern for power, pattern in self._sizes() if not power), "{amount} {code}")
        return Said(self._said(pattern, self.number(value.quantize(Decimal(1))), currency), value)

    def within(self, title: str) -> str:
        """Return the title as it is: which letters are small is not the same in all languages."""
        return title

    def country(self, code: str, name: str) -> str:
        """Return what the locale calls a country."""
        return self.locale.territories.get(code) or name

    def plural(self, number: int) -> int:
        """Return the position of the plural form, in the order zero, one, two, few, many, other."""
        used = {*self.locale.plural_form.tags, "other"}
        return [tag for tag in _TAGS if tag in used].index(str(self.locale.plural_form(number)))

    def _sizes(self) -> Sequence[tuple[int, str]]:
        return _SAID.get(self.locale.language) or list(_short_sizes(self.locale))

    def _said(self, pattern: str, amount: str, currency: str) -> str:
        name = get_currency_name(currency, count=_MANY, locale=self.locale)
        return pattern.format(amount=amount, code=currency, name=name)


_TAGS: Final[tuple[str, ...]] = ("zero", "one", "two", "few", "many", "other")


def _short_sizes(locale: Locale) -> Iterator[tuple[int, str]]:
    """Yield the large units of a locale, from Babel's short compact formats, largest first."""
    found = locale.compact_decimal_formats["short"]["other"]
    for size, pattern in sorted(((int(size), pattern) for size, pattern in found.items()), reverse=True):
        text = pattern.pattern.replace("'", "")
        if text.count("0") == 1 and text != "0" and size >= _LEAST_SIZE:
            yield len(str(size)) - 1, text.replace("0", "{amount}") + " {code}"


_LEAST_SIZE: Final = 10_000
