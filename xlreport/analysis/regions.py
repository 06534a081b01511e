"""Countries and the regions that they are counted in, found by code or by any of their names.

Region and sub-region are those of UN M49. The grouping is the reader's own; the shipped table
(``workbooks/regions.csv``) has eight: Africa, Asia-Pacific, Eastern Europe and Central Asia (Russia,
Belarus, Moldova, Ukraine, the Caucasus and Central Asia), Europe, Latin America (with the Caribbean),
Middle East (Western Asia with Egypt, Iran and Türkiye), North America, and Antarctica. Bodies that
belong to no country, such as the United Nations, have a region of their own and an empty code.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["Country", "Regions", "folded"]


@dataclass(frozen=True, slots=True)
class Country:
    """A country, or a body that is of no country."""

    code: str
    """ISO 3166-1 alpha-2; an empty string for a body that is of no country."""
    name: str
    region: str
    subregion: str
    grouping: str
    aliases: tuple[str, ...] = ()
    """Other names and codes that mean the same."""


@dataclass(frozen=True, slots=True)
class Regions:
    """Every known country, by code and by name."""

    countries: tuple[Country, ...]
    source: str = ""
    """Name of the file that the countries were read from."""
    sha256: str = ""
    """SHA-256 of that file's bytes."""
    _by_code: Mapping[str, Country] = field(init=False, repr=False, compare=False)
    _by_name: Mapping[str, Country] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the countries; where two share a name, the first is found (the reader refuses that)."""
        object.__setattr__(self, "_by_code", {item.code: item for item in self.countries if item.code})
        object.__setattr__(self, "_by_name", _index(self.countries))

    def of_code(self, code: str) -> Country | None:
        """Return the country of an alpha-2 code, exactly as written: ``NA`` is Namibia, ``na`` is nothing."""
        return self._by_code.get(code)

    def find(self, text: str) -> Country | None:
        """Return the country that a code or a name means, or None.

        Codes count as written. Names count without regard to case, accents, punctuation and an outer
        "the", so that "COTE D'IVOIRE", "Niger (the)" and "U.A.E." are found, but "n/a" is not Namibia.
        """
        return self._by_code.get(text.strip()) or self._by_name.get(folded(text))


def folded(name: str) -> str:
    """Return what is left of ``name`` without case, accents, punctuation, blanks and an outer "the"."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ").casefold())
    letters = (char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    words = "".join(letters).split()
    return "".join(words[words[:1] == ["the"] : -1 if words[-1:] == ["the"] else None])


def _index(countries: Iterable[Country]) -> dict[str, Country]:
    found: dict[str, Country] = {}
    for country in countries:
        for name in (country.name, *country.aliases):
            found.setdefault(folded(name), country)
    return found
