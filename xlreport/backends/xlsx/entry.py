"""Turn what a plan says of entry sheets into openpyxl's: data validation, notes, protection, columns."""

from typing import Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xlreport.backends.xlsx.strings import legal
from xlreport.backends.xlsx.styles import Formats
from xlreport.cells import column_letter, excel_length
from xlreport.plan import Protection, SheetPlan, Validation, WorkbookPlan
from xlreport.plan_entry import MOST_ERROR, MOST_FORMULA, MOST_PROMPT, MOST_TITLE

__all__ = ["add_entry", "dress_columns"]

_KINDS: Final[dict[str, Any]] = {"any": None, "length": "textLength"}
"""Those that Excel calls by other names."""


def add_entry(worksheet: Worksheet, sheet: SheetPlan, plan: WorkbookPlan) -> None:
    """Give a worksheet the validations, notes, filter and protection of its plan.

    ValueError for texts and formulas that are longer than Excel opens.
    """
    for validation in sheet.validations:
        worksheet.add_data_validation(_validation(validation, sheet.name))
    for note in sheet.notes:
        comment = Comment(legal(note.text), legal(plan.creator), note.height, note.width)
        worksheet.cell(note.row, note.column).comment = comment
    if sheet.filter is not None:
        worksheet.auto_filter.ref = str(sheet.filter)
    if sheet.protection is not None:
        _protect(worksheet, sheet.protection)


def dress_columns(workbook: Workbook, plan: WorkbookPlan, formats: Formats) -> None:
    """Give whole columns their styles, once the formats of the workbook are there."""
    for worksheet, sheet in zip(workbook.worksheets, plan.sheets, strict=True):
        for run in sheet.columns:
            dimension = worksheet.column_dimensions[column_letter(run.first)]
            formats.dress(dimension, run.style)
            dimension.min, dimension.max = run.first, run.last


def _validation(validation: Validation, sheet: str) -> DataValidation:
    _check_lengths(validation, sheet)
    has_alert = validation.kind != "any"
    has_limits = validation.kind not in ("any", "list", "custom")
    return DataValidation(
        type=_KINDS.get(validation.kind, validation.kind),
        operator=validation.operator if has_limits and validation.operator != "between" else None,
        formula1=legal(validation.formula) or None,
        formula2=legal(validation.second) or None,
        allowBlank=validation.ignores_empty,
        showErrorMessage=has_alert,
        showInputMessage=bool(validation.prompt),
        errorStyle=None if validation.stops else "warning",
        errorTitle=legal(validation.error_title) or None,
        error=legal(validation.error) or None,
        promptTitle=legal(validation.title) or None,
        prompt=legal(validation.prompt) or None,
        sqref=str(validation.range),
    )


def _check_lengths(validation: Validation, sheet: str) -> None:
    for text, most in (
        (validation.title, MOST_TITLE),
        (validation.error_title, MOST_TITLE),
        (validation.prompt, MOST_PROMPT),
        (validation.error, MOST_ERROR),
        (validation.formula, MOST_FORMULA),
        (validation.second, MOST_FORMULA),
    ):
        if excel_length(text) > most:
            message = f"a text of the validation of {sheet}!{validation.range} is too long: {text!r:.80}"
            raise ValueError(message)


def _protect(worksheet: Worksheet, protection: Protection) -> None:
    """Lock the sheet; what is set to False here is what stays allowed."""
    locks = worksheet.protection
    locks.sheet = True
    locks.objects = locks.scenarios = True
    locks.formatColumns = locks.formatRows = False
    if protection.rows:
        locks.insertRows = locks.deleteRows = locks.sort = locks.autoFilter = False
