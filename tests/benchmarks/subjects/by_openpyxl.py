"""What openpyxl is asked for in its write-only mode: sheets with a header, cells with formats, a table."""

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

from tests.benchmarks.subjects.register import NAMES, WIDTH

# ruff: noqa: PLC0415  # each process is to import the library that it measures and no other

__all__ = ["add_table", "append", "append_reused", "sheet_of"]


def append(sheet: Any, formats: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from openpyxl.cell import WriteOnlyCell

    def cell(value: Any, number_format: str) -> Any:
        made = WriteOnlyCell(sheet, value)
        made.number_format = number_format
        return made

    for row in rows:
        sheet.append(list(map(cell, row, formats)))


def append_reused(sheet: Any, formats: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from openpyxl.cell import WriteOnlyCell

    cells = [WriteOnlyCell(sheet) for _ in formats]
    for cell, number_format in zip(cells, formats, strict=True):
        cell.number_format = number_format
    for row in rows:
        for cell, value in zip(cells, row, strict=True):
            cell.value = value
        sheet.append(cells)


def sheet_of(book: Any, name: str, names: tuple[str, ...]) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    heads = [WriteOnlyCell(sheet, text) for text in names]
    for at, cell in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(at)].width = WIDTH
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F4E79")
    sheet.append(heads)
    return sheet


def add_table(sheet: Any, rows: int) -> None:
    """Make a table of the register's header and so many rows."""
    from openpyxl.worksheet.table import Table

    table = Table(displayName="Data", ref=f"A1:P{rows + 1}")
    table._initialise_columns()  # noqa: SLF001  # openpyxl's documentation says to call it in this case
    for column, name in zip(table.tableColumns, NAMES, strict=True):
        column.name = name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says to add the columns by hand, which was done
        sheet.add_table(table)
