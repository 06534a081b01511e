"""What every part of the layout needs to know: the analysis, the theme, the scale of money, the places."""

from dataclasses import dataclass, field

from xlreport.analysis.results import Analysis
from xlreport.findings import Findings
from xlreport.layout.canvas import Canvas
from xlreport.layout.formats import Scale, unit_format
from xlreport.layout.places import Places
from xlreport.page_lines import coded
from xlreport.spec.records import SheetSpec, Unit
from xlreport.styles import Theme
from xlreport.text import filled

__all__ = ["Context"]


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
    def currency(self) -> str:
        """The base currency."""
        return self.analysis.spec.parameters.base_currency

    @property
    def money_unit(self) -> str:
        """The unit of money in headings: ``USD million``."""
        return self.scale.unit(self.currency)

    def filled(self, text: str) -> str:
        """Return ``text`` with {period} and the like filled in."""
        return " ".join(filled(text, self.analysis.words).split())

    def format(self, unit: Unit, *, signed: bool = False) -> str:
        """Return the number format of a figure."""
        return unit_format(unit, self.scale, self.theme, signed=signed)

    def with_unit(self, title: str, unit: Unit) -> str:
        """Return a heading with its unit: ``Signed value, USD million``."""
        return f"{title}, {self.money_unit}" if unit == "money" else title

    def canvas(self, sheet: SheetSpec, *, landscape: bool = True) -> Canvas:
        """Return an empty sheet."""
        title = self.filled(sheet.title)
        return Canvas(
            sheet.name,
            title,
            self.theme,
            landscape=landscape,
            contents="" if sheet.name == self.contents else self.contents,
            header=coded(self.theme.header, self.page_words),
            footer=coded(self.theme.footer, self.page_words),
        )

    @property
    def page_words(self) -> dict[str, str]:
        """What the words in headers and footers stand for."""
        words = {name: self.filled("{" + name + "}") for name in ("period", "organisation")}
        period = words["period"] if self.analysis.spec.date else ""
        return {**words, "period": period, "title": self.filled(self.analysis.spec.title)}
