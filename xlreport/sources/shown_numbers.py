"""Numbers as their cells show them where that is more than the number: 00123, C-0123.

An id that is stored as the number 123 and shown as 00123 is 00123 to everyone who looks at the sheet. Only
number formats that pad with zeros or put a text before the digits make such ids; thousands separators,
decimals, units and percent signs do not belong to a value.
"""

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from xlreport.sources.package import elements_of, workbook_part, workbook_parts

__all__ = ["PaddedCells", "Padding", "padding_of", "padding_styles"]

_TOKEN: Final = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]|(0)|([ \-+/():!^&\'~{}<>=$])|(.)', re.DOTALL)
"""Quoted text, a character as it stands, blanks as wide as one or as many as fit, a colour or condition, a
digit, a character that needs no quotes, and everything else."""
_DAYS: Final = frozenset(map(str, (*range(14, 18), 22, *range(27, 37), *range(50, 59))))
"""Numbers of the number formats of every workbook that show a day."""


@dataclass(frozen=True, slots=True)
class Padding:
    """A number format of zeros and literal text: ``000-00``."""

    parts: tuple[str, ...]
    """The literal texts, and an empty text for each digit."""

    def shown(self, number: float) -> str | None:
        """Return a number as its cell shows it; None where that would not be the number itself."""
        if number < 0 or not number.is_integer():
            return None
        digits = f"{int(number):0{self.parts.count('')}d}"
        over = len(digits) - self.parts.count("")
        texts = []
        for part in self.parts:
            if part:
                texts.append(part)
            else:
                texts.append(digits[: over + 1])
                digits, over = digits[over + 1 :], 0
        return "".join(texts).strip()


def padding_of(code: str) -> Padding | None:
    """Return the padding that a number format makes, or None where it shows numbers in any other way."""
    parts: list[str] = []
    for quoted, escaped, zero, literal, other in _TOKEN.findall(code.split(";", maxsplit=1)[0]):
        if other:
            return None
        text = quoted or escaped or literal
        if text or zero:
            parts.append(text)
    zeros = parts.count("")
    says_more = zeros > 1 or (zeros == 1 and "".join(parts[: parts.index("")]).strip() != "")
    return Padding(tuple(parts)) if says_more else None


def padding_styles(package: zipfile.ZipFile) -> dict[int, Padding]:
    """Return those styles of cells, by their numbers, whose number format pads."""
    codes = _own_formats(package)
    paddings = {number: padding for number, code in codes.items() if (padding := padding_of(code))}
    used = _formats_by_style(package) if paddings else ()
    return {style: paddings[number] for style, number in enumerate(used) if number in paddings}


def date_styles(package: zipfile.ZipFile) -> set[bytes]:
    """Return the numbers of those styles whose number format shows a day."""
    own = {number for number, code in _own_formats(package).items() if _shows_day(code)}
    return {
        b"%d" % style
        for style, number in enumerate(_formats_by_style(package))
        if number in own or number in _DAYS
    }


def counts_from_1904(package: zipfile.ZipFile) -> bool:
    """Tell whether days are counted from 1904, as Excel for the Macintosh did."""
    properties = elements_of(package, workbook_part(package), "workbookPr")
    return any(element.get("date1904") in ("1", "true") for element in properties)


def _shows_day(code: str) -> bool:
    others = (other for *_, other in _TOKEN.findall(code.split(";", maxsplit=1)[0]))
    return any(other in "dDyY" for other in others if other)


def _own_formats(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the number formats that the workbook defines itself, by their numbers."""
    return {
        element.get("numFmtId", ""): element.get("formatCode", "")
        for element in elements_of(package, _styles_part(package), "numFmt")
    }


def _formats_by_style(package: zipfile.ZipFile) -> list[str]:
    """Return the number of the number format of each style of cells."""
    cells = next(iter(elements_of(package, _styles_part(package), "cellXfs")), ())
    return [element.get("numFmtId", "") for element in cells]


def _styles_part(package: zipfile.ZipFile) -> str:
    return next(iter(workbook_parts(package, "styles")), "")


@dataclass(slots=True)
class PaddedCells:
    """Which cells of a sheet have a padding: runs of rows in each column, since such columns are uniform."""

    runs: dict[tuple[int, Padding], list[list[int]]] = field(default_factory=dict)
    """1-based column and padding -> first and last row of each run, in rising order."""

    def add(self, row: int, column: int, padding: Padding) -> None:
        """Note a cell; rows come in rising order."""
        runs = self.runs.setdefault((column, padding), [])
        if runs and runs[-1][1] + 1 == row:
            runs[-1][1] = row
        else:
            runs.append([row, row])

    def by_column(self) -> Mapping[int, Sequence[tuple[int, int, Padding]]]:
        """Return for each column the runs of rows: first, last, padding."""
        found: dict[int, list[tuple[int, int, Padding]]] = {}
        for (column, padding), runs in self.runs.items():
            found.setdefault(column, []).extend((first, last, padding) for first, last in runs)
        return {column: sorted(runs, key=lambda run: run[:2]) for column, runs in found.items()}
