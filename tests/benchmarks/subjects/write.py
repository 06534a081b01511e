"""Write a register of 16 columns and a summary of 50 x 12 with formulas as a workbook.

The register has a header in its own style, a number format for every column, widths, a frozen header and
a table with a filter. Every library gets its input in the form that it is quickest with, and what it
cannot do is left out and said. Compiled writers get the amounts as floats, since they write no decimals.
"""

import datetime as dt
import warnings
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Case, Job, Size, Subject
from tests.benchmarks.subjects import by_openpyxl
from tests.benchmarks.subjects.register import (
    FORMATS,
    NAMES,
    SUMMARY_NAMES,
    SUMMARY_ROWS,
    WIDTH,
    columns,
    floats,
    holds,
    summary,
)

# ruff: noqa: PLC0415  # each process is to import the library that it measures and no other

__all__ = ["SUBJECTS"]

_HEADER = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79"}
_SUMS = [f"=SUM(B{row}:K{row})" for row in range(2, SUMMARY_ROWS + 2)]


def _xlreport(compression: str) -> Any:
    def prepare(size: Size) -> Job:
        from xlreport.backends import xlsx
        from xlreport.cells import Range
        from xlreport.plan import Block, Formula, SheetPlan, StyleRun, TablePlan, WorkbookPlan
        from xlreport.styles import DEFAULT_THEME, Role

        rows = size.rows
        values, totals = columns(rows), summary()
        body, header = DEFAULT_THEME.style(Role.BODY), DEFAULT_THEME.style(Role.HEADER)

        def register() -> SheetPlan:
            formats = enumerate(FORMATS, 1)
            return SheetPlan(
                "Data",
                (Block.of_rows(Role.HEADER, 1, 1, [NAMES]), Block(Role.BODY, 2, 1, values)),
                (
                    StyleRun(Range.at(1, 1, 1, len(NAMES)), header),
                    *(
                        StyleRun(Range.at(2, at, rows), body.with_(number_format=text))
                        for at, text in formats
                    ),
                ),
                widths=dict.fromkeys(range(1, len(NAMES) + 1), WIDTH),
                freeze=(2, 1),
                tables=(TablePlan("Data", Range.at(1, 1, rows + 1, len(NAMES)), NAMES),),
            )

        def sums() -> SheetPlan:
            body_rows = [
                [*row[:-1], Formula(formula[1:], row[-1])] for row, formula in zip(totals, _SUMS, strict=True)
            ]
            return SheetPlan(
                "Summary",
                (
                    Block.of_rows(Role.HEADER, 1, 1, [SUMMARY_NAMES]),
                    Block.of_rows(Role.BODY, 2, 1, body_rows),
                ),
                (
                    StyleRun(Range.at(1, 1, 1, len(SUMMARY_NAMES)), header),
                    StyleRun(Range.at(2, 2, SUMMARY_ROWS, 11), body.with_(number_format="#,##0")),
                ),
            )

        def job(path: Path) -> None:
            as_of = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
            xlsx.write(WorkbookPlan("Register", (register(), sums()), as_of), path, compression=compression)

        return job

    return prepare


def _xlsxwriter(*, constant_memory: bool, typed: bool) -> Any:
    """Write with the general ``write`` that the documentation begins with, or with a method for each type."""

    def prepare(size: Size) -> Job:
        import xlsxwriter

        rows = size.rows
        records, totals = list(zip(*columns(rows), strict=True)), summary()

        def job(path: Path) -> None:
            book = xlsxwriter.Workbook(path, {"constant_memory": constant_memory})
            header = book.add_format(_HEADER)
            formats = [book.add_format({"num_format": text}) for text in FORMATS]
            sheet = book.add_worksheet("Data")
            sheet.set_column(0, len(NAMES) - 1, WIDTH)
            sheet.freeze_panes(1, 0)
            if constant_memory:
                sheet.autofilter(0, 0, rows, len(NAMES) - 1)
            else:
                heads = [{"header": name, "header_format": header} for name in NAMES]
                sheet.add_table(0, 0, rows, len(NAMES) - 1, {"name": "Data", "columns": heads})
            sheet.write_row(0, 0, NAMES, header)
            text, moment, number = sheet.write_string, sheet.write_datetime, sheet.write_number
            writers = [*[text] * 8, *[moment] * 2, *[number] * 6] if typed else [sheet.write] * len(NAMES)
            cells = list(zip(range(len(NAMES)), writers, formats, strict=True))
            for at, record in enumerate(records, 1):
                for (column, write, style), value in zip(cells, record, strict=True):
                    write(at, column, value, style)
            _xlsxwriter_summary(book.add_worksheet("Summary"), totals, header, formats[-1])
            book.close()

        return job

    return prepare


def _xlsxwriter_summary(sheet: Any, totals: list[list[Any]], header: Any, style: Any) -> None:
    sheet.write_row(0, 0, SUMMARY_NAMES, header)
    for at, (row, formula) in enumerate(zip(totals, _SUMS, strict=True), 1):
        sheet.write_string(at, 0, row[0])
        sheet.write_row(at, 1, row[1:-1], style)
        sheet.write_formula(at, len(row) - 1, formula, style, row[-1])


def _openpyxl(*, reuse: bool) -> Any:
    """Make a cell for every value, as the documentation shows, or one for every column and use it again."""

    def prepare(size: Size) -> Job:
        from openpyxl import Workbook

        rows = size.rows
        records, totals = list(zip(*columns(rows), strict=True)), summary()
        append = by_openpyxl.append_reused if reuse else by_openpyxl.append

        def job(path: Path) -> None:
            book = Workbook(write_only=True)
            sheet = by_openpyxl.sheet_of(book, "Data", NAMES)
            append(sheet, FORMATS, records)
            by_openpyxl.add_table(sheet, rows)
            sums = ([*row[:-1], formula] for row, formula in zip(totals, _SUMS, strict=True))
            append(by_openpyxl.sheet_of(book, "Summary", SUMMARY_NAMES), ["General", *["#,##0"] * 11], sums)
            book.save(path)

        return job

    return prepare


def _rustpy(size: Size) -> Job:
    from rustpy_xlsxwriter import Format, write_worksheets

    records = [dict(zip(NAMES, row, strict=True)) for row in zip(*floats(size.rows), strict=True)]
    totals = [dict(zip(SUMMARY_NAMES[:-1], row[:-1], strict=True)) for row in summary()]

    def form(number_format: str) -> Any:
        result = Format()
        return result.set_num_format(number_format) or result

    def job(path: Path) -> None:
        header = Format()
        header = header.set_bold() or header
        header = header.set_font_color(_HEADER["font_color"]) or header
        header = header.set_background_color(_HEADER["bg_color"]) or header
        write_worksheets(
            [("Data", records), ("Summary", totals)],
            str(path),
            freeze_panes={"general": {"row": 1, "col": 0}},
            header_format={"Data": header, "Summary": header},
            column_width={"Data": float(WIDTH)},
            column_formats={"Data": {name: form(text) for name, text in zip(NAMES, FORMATS, strict=True)}},
            autofilter={"Data": True},
            formula_columns={"Summary": {SUMMARY_NAMES[-1]: "=SUM(B{row}:K{row})"}},
        )

    return job


def _xlsxturbo(*, constant_memory: bool) -> Any:
    def prepare(size: Size) -> Job:
        import polars as pl
        import xlsxturbo

        frame = pl.DataFrame(dict(zip(NAMES, floats(size.rows), strict=True)))
        totals = pl.DataFrame(summary(), schema=list(SUMMARY_NAMES), orient="row").drop("Sum")
        formats = {name: {"num_format": text} for name, text in zip(NAMES, FORMATS, strict=True)}
        table = {"autofilter": True} if constant_memory else {"table_style": "Light1", "table_name": "Data"}
        sums = {} if constant_memory else {"formula_columns": {"Sum": "=SUM(B{row}:K{row})"}}

        def job(path: Path) -> None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it says that constant memory has no table and no formula
                xlsxturbo.dfs_to_xlsx(
                    [
                        (frame, "Data", {"column_formats": formats, **table}),
                        (
                            totals,
                            "Summary",
                            {"column_formats": {"Measure*": {"num_format": "#,##0"}}, **sums},
                        ),
                    ],
                    str(path),
                    freeze_panes=True,
                    header_format=_HEADER,
                    column_widths={"_all": WIDTH},
                    constant_memory=constant_memory,
                )

        return job

    return prepare


def verify(path: Path, size: Size) -> None:
    """Read the workbook back and compare every cell of the register and the input of the summary."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    found = book.get_sheet_by_name("Data").to_python(skip_empty_area=False)
    assert tuple(found[0]) == NAMES
    assert holds(found[1:], size), f"{path} does not hold what was given"
    sums = book.get_sheet_by_name("Summary").to_python(skip_empty_area=False)
    assert [row[:-1] for row in summary()] == [row[: len(SUMMARY_NAMES) - 1] for row in sums[1:]]


_NO_TABLE = "table (filter only)"
SUBJECTS = (
    Subject(
        "write",
        "Write 16 columns and a summary",
        (
            Case("xlreport", _xlreport("speed"), "xlreport"),
            Case("xlreport, for size", _xlreport("size"), "xlreport"),
            Case("rustpy-xlsxwriter", _rustpy, "rustpy-xlsxwriter", f"{_NO_TABLE}, formula results"),
            Case(
                "xlsxturbo, constant memory",
                _xlsxturbo(constant_memory=True),
                "xlsxturbo",
                f"{_NO_TABLE}, formulas",
            ),
            Case("xlsxturbo", _xlsxturbo(constant_memory=False), "xlsxturbo", "formula results"),
            Case(
                "XlsxWriter, constant memory, quickest",
                _xlsxwriter(constant_memory=True, typed=True),
                "XlsxWriter",
                _NO_TABLE,
            ),
            Case(
                "XlsxWriter, constant memory",
                _xlsxwriter(constant_memory=True, typed=False),
                "XlsxWriter",
                _NO_TABLE,
            ),
            Case("XlsxWriter", _xlsxwriter(constant_memory=False, typed=False), "XlsxWriter"),
            Case("openpyxl, write-only, quickest", _openpyxl(reuse=True), "openpyxl", "formula results"),
            Case("openpyxl, write-only", _openpyxl(reuse=False), "openpyxl", "formula results"),
        ),
        verify,
    ),
)
