"""What every part of the layout needs to know: the analysis, the theme, the scale of money, the places."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from xlreport.analysis.results import Analysis
from xlreport.findings import Findings
from xlreport.language import Language
from xlreport.layout.canvas import Canvas
from xlreport.layout.formats import IN_FULL, Scale, unit_format
from xlreport.layout.places import Places, Spot
from xlreport.page_lines import coded
from xlreport.spec.records import SheetSpec, Unit
from xlreport.styles import PageLine, Theme
from xlreport.text import filled

__all__ = ["Context"]

_BLANKS: Final = re.compile(r"[ \t\r\n\f\v]+")
"""Those that a text may break at; a blank that keeps a number together is none."""


@dataclass(frozen=True, slots=True)
class Context:
    """One workbook being laid out."""

    analysis: Analysis
    theme: Theme
    scale: Scale
    """The same for every figure of money in the workbook, data sheets excepted."""
    findings: Findings
    contents: str
    """Name of the contents sheet, or an empty string where the report has none."""
    places: Places = field(default_factory=Places)

    @property
    def language(self) -> Language:
        """That of the workbook."""
        return self.analysis.language

    @property
    def currency(self) -> str:
        """The base currency."""
        return self.analysis.spec.parameters.base_currency

    @property
    def money_unit(self) -> str:
        """The unit of money in headings: ``USD million``."""
        return self.scale.unit(self.currency, self.language)

    def in_full(self) -> "Context":
        """Return the same workbook with amounts of money written out, as its data sheets have them."""
        return replace(self, scale=IN_FULL)

    def filled(self, text: str) -> str:
        """Return ``text`` with {period} and the like filled in."""
        return _BLANKS.sub(" ", filled(text, self.analysis.words)).strip(" ")

    def format(self, unit: Unit, *, signed: bool = False) -> str:
        """Return the number format of a figure."""
        return unit_format(unit, self.scale, self.theme, signed=signed)

    def with_unit(self, title: str, unit: Unit) -> str:
        """Return a heading with its unit: ``Signed value, USD million``."""
        if unit != "money":
            return title
        return self.language.text("{title}, {unit}", title=title, unit=self.money_unit)

    def row_of(self, spot: Spot) -> str:
        """Return where a figure stands, in words: ``Summary, row 6``."""
        return self.language.text("{sheet}, row {row}", sheet=spot.sheet, row=spot.range.first_row)

    def canvas(self, sheet: SheetSpec, *, landscape: bool = True) -> Canvas:
        """Return an empty sheet."""
        title = self.filled(sheet.title)
        return Canvas(
            sheet.name,
            title,
            self.theme,
            landscape=landscape,
            contents="" if sheet.name == self.contents else self.contents,
            header=self._page_line(self.theme.header),
            footer=self._page_line(self.theme.footer),
            language=self.language,
        )

    def _page_line(self, line: PageLine) -> PageLine:
        """Return a header or footer of the theme as Excel keeps it; the usual one in the language."""
        said = PageLine(*map(self.language.text, (line.left, line.middle, line.right)))
        words = {name: self.filled("{" + name + "}") for name in ("period", "organisation")}
        period = words["period"] if self.analysis.spec.date else ""
        return coded(said, {**words, "period": period, "title": self.filled(self.analysis.spec.title)})
