"""Two verdicts on a value that is typed into a cell of an entry form: Excel's, and that of the schema.

Excel's rules for lists, limits and lengths are few, and written down here anew; formulas are LibreOffice's.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from jsonschema import Draft202012Validator
from libreoffice import recalculated
from openpyxl.formula.translate import Translator

from xlreport.backends import xlsx
from xlreport.cells import column_letter
from xlreport.constraints import subschema_at
from xlreport.language import ENGLISH
from xlreport.layout.entry.form import form_book, lay_out_form
from xlreport.layout.entry.sheets import FormColumn
from xlreport.plan import Validation, WorkbookPlan
from xlreport.registry import ResourceSchema
from xlreport.sources.description import Notation
from xlreport.sources.values import reader
from xlreport.styles import DEFAULT_THEME
from xlreport.tables import Kind

SPOT = 400
"""Column, far right, in which a formula says whether the value of its row is allowed."""


@dataclass(frozen=True)
class Probe:
    """A value in a column of a form, and what is thought of it."""

    sheet: str
    column: FormColumn
    value: Any
    excel: bool
    schema: bool

    @property
    def where(self) -> str:
        return f"{self.sheet}: {self.column.heading}"


def verdicts(
    resources: Mapping[str, ResourceSchema],
    values: Callable[[FormColumn], Sequence[Any]],
    folder: Path,
) -> list[Probe]:
    """Return every value that ``values`` has for the columns of a form, with both verdicts."""
    book = form_book(resources, 10_000, ENGLISH, DEFAULT_THEME)
    plan = lay_out_form(book, {}, "Form", dt.datetime(2017, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None))
    lists = _lists(plan)
    asked = [
        (sheet.name, number, column, rule, value)
        for sheet in book.sheets
        for number, (column, rule) in enumerate(
            zip(sheet.columns, plan.sheet(sheet.name).validations, strict=True), 1
        )
        if not (rule.formula.startswith("Choice_") or column.is_key)
        for value in values(column)
        if rule.kind != "custom" or value is not True  # to LibreOffice it is a number
    ]
    formulas = _formulas(plan, asked, folder)
    owners = {sheet.name: resources[sheet.resource] for sheet in book.sheets}
    return [
        Probe(
            sheet,
            column,
            value,
            formulas[at] if rule.kind == "custom" else _allowed(rule, value, lists),
            _fits(owners[sheet], column, value),
        )
        for at, (sheet, _, column, rule, value) in enumerate(asked)
    ]


def _lists(plan: WorkbookPlan) -> dict[str, list[Any]]:
    """Return the values of the lists by their defined names."""
    sheet = plan.sheet("Lists") if "Lists" in [each.name for each in plan.sheets] else None
    columns = {
        column_letter(block.column): list(block.columns[0])
        for block in (sheet.blocks if sheet else ())
        if block.row == 6
    }
    return {
        name: columns[reference.split("$")[1]]
        for name, reference in plan.names.items()
        if reference.startswith("Lists!") and name.startswith("List_")
    }


def _allowed(rule: Validation, value: Any, lists: Mapping[str, list[Any]]) -> bool:
    """Return what Excel thinks of a value, by the kind of the validation."""
    if rule.kind == "any":
        return True
    if rule.kind == "list":  # from a range it does not tell capitals from small letters
        return (type(value), _plain(value)) in [(type(each), _plain(each)) for each in lists[rule.formula]]
    number = len(value.encode("utf-16-le")) // 2 if rule.kind == "length" else _number(value)
    if number is None or (rule.kind == "whole" and number % 1):
        return False
    low = _limit(rule.formula)
    return {
        "between": lambda: low <= number <= _limit(rule.second),
        "greaterThan": lambda: number > low,
        "greaterThanOrEqual": lambda: number >= low,
        "lessThan": lambda: number < low,
        "lessThanOrEqual": lambda: number <= low,
    }[rule.operator]()


def _plain(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _number(value: Any) -> Decimal | None:
    if isinstance(value, dt.datetime):
        return Decimal((value - dt.datetime.combine(dt.date(1899, 12, 30), dt.time())) / dt.timedelta(days=1))
    if isinstance(value, dt.date):
        return Decimal(value.toordinal() - dt.date(1899, 12, 30).toordinal())
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _limit(formula: str) -> Decimal:
    if formula.startswith("DATE("):
        return _number(dt.date(*map(int, formula[5:-1].split(",")))) or Decimal(0)
    return Decimal(formula)


def _formulas(plan: WorkbookPlan, asked: Sequence[tuple[Any, ...]], folder: Path) -> dict[int, bool]:
    """Return what LibreOffice thinks of the values that a formula judges, by their positions."""
    path = xlsx.write(plan, folder / "form.xlsx")
    workbook = openpyxl.load_workbook(path)
    places: dict[int, tuple[str, int]] = {}
    rows: dict[str, int] = {}
    for at, (sheet, number, _, rule, value) in enumerate(asked):
        if rule.kind == "custom":
            row = rows[sheet] = rows.get(sheet, 5) + 1
            cell = workbook[sheet].cell(row, number, value)
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
            formula = Translator(f"={rule.formula}", origin="A6").translate_formula(f"A{row}")
            workbook[sheet].cell(row, SPOT, formula).number_format = "General"
            places[at] = sheet, row
    workbook.save(path)
    found = recalculated({"form": path}, folder / "calculated")["form"]
    return {at: found[sheet][row - 1][SPOT - 1] == "TRUE" for at, (sheet, row) in places.items()}


def _fits(resource: ResourceSchema, column: FormColumn, value: Any) -> bool:
    """Tell whether the schema takes what the reader makes of a value."""
    read = reader(column.kind, Notation(), repeated=column.repeated)(value)
    path = column.path.removesuffix("/*")
    found = subschema_at(resource.schema.at(resource.location), path)
    assert found is not None
    validator = Draft202012Validator(
        {"$ref": found.location},
        registry=resource.schema.registry,
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    return bool(validator.is_valid(float(read) if isinstance(read, Decimal) else read))


def typed_values(column: FormColumn) -> list[Any]:
    """Return values that somebody may type into a column: of a text column only texts, whatever is typed."""
    values = [value for value in column.constraints.values if isinstance(value, str)]
    listed = [*values, *(value.swapcase() for value in values[:1]), *(f"{value}x" for value in values[:1])]
    match column.kind:
        case Kind.DATE | Kind.DATETIME:
            days = [dt.date(1900, 3, 1), dt.date(2017, 3, 31), dt.date(2199, 12, 31), dt.date(2200, 1, 1)]
            noon = dt.datetime.combine(dt.date(2017, 3, 31), dt.time(12))
            return [*days, noon, "1850-05-05", "n/a", True]
        case Kind.INTEGER | Kind.DECIMAL:
            return [-1, 0, 0.5, 1, 2, 3, 9, 10, 10.5, 11, 15, 1e12, "n/a", True]
        case Kind.BOOLEAN:
            return [True, False, "yes", 1]
    texts = ["x", "AB", "ABC", "ABCD", "abc", "ab", "A1", "A1C", "ÄB", "ÄBC", "12", "123", "1234-56", "AB12"]
    return [*listed, *texts, "a b", "a" * 11, "😀" * 6, "someone@example.org", "A" * 40]
