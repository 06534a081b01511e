"""One form in the making: its sheets, the schemas behind them, and what formulas of theirs refer to."""

from collections.abc import Mapping
from dataclasses import dataclass

from xlreport.fields import table_of
from xlreport.language import Language
from xlreport.layout.entry.lists import Choices
from xlreport.layout.entry.names import Names
from xlreport.layout.entry.sheets import FormColumn, FormSheet
from xlreport.registry import ResourceSchema
from xlreport.styles import Theme

__all__ = ["FormBook", "Spot"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A column of a sheet."""

    sheet: FormSheet
    number: int
    """1-based."""

    @property
    def column(self) -> FormColumn:
        """The column itself."""
        return self.sheet.columns[self.number - 1]

    @property
    def cell(self) -> str:
        """The address of its first cell, to be moved along with the row."""
        return self.sheet.cell(self.number)


@dataclass(frozen=True, slots=True)
class FormBook:
    """What every part of the layout of a form needs to know."""

    sheets: tuple[FormSheet, ...]
    resources: Mapping[str, ResourceSchema]
    names: Names
    choices: Choices
    language: Language
    theme: Theme
    instructions: str
    """Name of the sheet with them."""

    def sheet(self, resource: str, array: str = "") -> FormSheet | None:
        """Return the sheet of a resource's records, or of one of their arrays; None if there is none."""
        wanted = resource, array
        return next((sheet for sheet in self.sheets if (sheet.resource, sheet.array) == wanted), None)

    def spot(self, resource: str, path: str) -> Spot | None:
        """Return the column that holds the value at a path of the records of ``resource``."""
        sheet = self.sheet(resource, table_of(path))
        number = sheet.number_of(path) if sheet else 0
        return Spot(sheet, number) if sheet and number else None

    def range(self, spot: Spot, seen_from: FormSheet) -> str:
        """Return all cells of a column, as a formula of the sheet ``seen_from`` says it."""
        if spot.sheet is seen_from:
            return spot.sheet.range(spot.number).absolute()
        return self.names.column(spot.sheet, spot.number)
