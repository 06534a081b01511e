"""What a value has to be like, as Excel formulas: the limits of its schema, keys and references."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from xlreport.child_sheets import NUMBER
from xlreport.constraints import Constraints
from xlreport.findings import Severity
from xlreport.language import excel_literal
from xlreport.layout.entry.book import FormBook, Spot
from xlreport.layout.entry.days import FIRST_DAY, days_of
from xlreport.layout.entry.names import Names
from xlreport.layout.entry.patterns import fixed_runs, pattern_formula
from xlreport.layout.entry.sheets import key_paths
from xlreport.layout.entry.words import said_of
from xlreport.plan_entry import Operator, ValidationKind
from xlreport.tables import Kind

__all__ = ["Condition", "Limit", "key_conditions", "limits_of", "reference_of"]

_MOST_WHOLE: Final = "999999999999999"
"""Excel keeps fifteen digits of a number."""
_MOST: Final = "1E+300"
_ALPHABETS: Final = {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ": "Capitals",
    "abcdefghijklmnopqrstuvwxyz": "Small_letters",
    "0123456789": "Digits",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A condition as a data validation says it without a formula of its own."""

    kind: ValidationKind
    formula: str
    second: str = ""
    operator: Operator = "between"
    grows: bool = False
    """Whether it is a list that grows as the form is filled in, and may be empty or have gaps."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that has to hold for a cell that is not empty."""

    formula: str
    """True where it holds."""
    sentence: str
    """What is allowed, as a whole sentence."""
    stops: bool = True
    """Whether a value for which it does not hold is refused."""
    limit: Limit | None = None
    mark: str = ""
    """The formula by which cells are marked afterwards, where it differs."""
    refused: bool = True
    """Whether it is looked at when a value is entered, or only marked."""


def limits_of(spot: Spot, book: FormBook) -> Iterator[Condition]:
    """Yield the one condition that the schema of a value makes, if a formula can say it."""
    column, cell = spot.column, spot.cell
    if column.repeated:
        return
    reference = _reference(spot, book)
    values = (True, False) if column.kind is Kind.BOOLEAN else column.constraints.values
    if reference is not None:
        yield reference
    elif values:
        yield _one_of(book.choices.name(column.heading, column.path, values), spot, book)
    else:
        found = _number_or_text(column.constraints, column.kind, cell, book.names)
        if found:
            limit, formula, mark = found
            yield Condition(formula, said_of(column, book.language), limit=limit, mark=mark)


def _one_of(name: str, spot: Spot, book: FormBook) -> Condition:
    """Return the condition of a list. To Excel capitals make no difference there; they do for the mark."""
    formula = f"SUMPRODUCT(--EXACT({name},{spot.cell}))>0"
    return Condition(formula, said_of(spot.column, book.language), limit=Limit("list", name))


# --- references


def reference_of(spot: Spot, book: FormBook) -> tuple[Spot, Severity] | None:
    """Return the column of keys that a value is one of: of records that it refers to or belongs to."""
    column, resource = spot.column, book.resources[spot.sheet.resource]
    if column.is_key:
        if "*" in column.path:
            return None
        target = book.spot(resource.name, column.path)
        return (target, Severity.ERROR) if target else None
    for key in resource.foreign_keys:
        if key.fields == (column.path,) and not key.where:
            target = book.spot(key.resource, key.reference[0])
            return (target, key.severity) if target else None
    return None


def _reference(spot: Spot, book: FormBook) -> Condition | None:
    found = reference_of(spot, book)
    if found is None:
        return _item_reference(spot, book)
    target, severity = found
    formula = f"SUMPRODUCT(--EXACT({book.range(target, spot.sheet)},{spot.cell}))>0"
    sentence = book.language.text(
        "{title} is one of the values in the column {column} of the sheet {sheet}.",
        title=spot.column.heading,
        column=target.column.heading,
        sheet=target.sheet.name,
    )
    limit = Limit("list", book.names.choice(target.sheet, target.number), grows=True)
    return Condition(formula, sentence, stops=severity is Severity.ERROR, limit=limit)


def _item_reference(spot: Spot, book: FormBook) -> Condition | None:
    """Return the condition of a column that names an item of an array above: the record has such an item."""
    column = spot.column
    if not column.is_key:
        return None
    if column.path.endswith(NUMBER):
        sentence = book.language.text("{title} is a whole number, 1 or more.", title=column.heading)
        limit = Limit("whole", "1", operator="greaterThanOrEqual")
        return Condition(f"AND(ISNUMBER({spot.cell}),{spot.cell}>=1)", sentence, limit=limit)
    target = book.spot(spot.sheet.resource, column.path)
    keys = [at for at in range(1, spot.number) if target and target.sheet.columns[at - 1].is_key]
    if target is None or not keys:
        return None
    pairs = [(Spot(target.sheet, at), spot.sheet.cell(at)) for at in keys] + [(target, spot.cell)]
    matches = [f"EXACT({book.range(there, spot.sheet)},{here})" for there, here in pairs]
    sentence = book.language.text(
        "{title} is one of those that the sheet {sheet} has for the same record.",
        title=column.heading,
        sheet=target.sheet.name,
    )
    return Condition(f"SUMPRODUCT({'*'.join(matches)})>0", sentence)


# --- keys


def key_conditions(spot: Spot, book: FormBook) -> Iterator[Condition]:
    """Yield the conditions that no two records agree in their keys."""
    resource, column = book.resources[spot.sheet.resource], spot.column
    if spot.sheet.array:
        return
    keys = [resource.primary_key, *resource.unique_keys]
    if book.sheet(resource.name) is not None and any(
        each.array for each in book.sheets if each.resource == resource.name
    ):
        keys.append(key_paths(resource))
    for key in dict.fromkeys(keys):
        if column.path in key:
            yield _unique(spot, key, book)


def _unique(spot: Spot, key: tuple[str, ...], book: FormBook) -> Condition:
    sheet, text = spot.sheet, book.language.text
    spots = [Spot(sheet, sheet.number_of(path)) for path in key]
    matches = "*".join(f"EXACT({book.range(each, sheet)},{each.cell})" for each in spots)
    others = [each for each in spots if each.number != spot.number]
    if not others:
        sentence = text("{title} is different in every row.", title=spot.column.heading)
        return Condition(f"SUMPRODUCT(--{matches})<=1", sentence)
    empty = "".join(f'{each.cell}="",' for each in others)
    titles = book.language.listing(each.column.heading for each in spots)
    sentence = text("{titles} together are different in every row.", titles=titles)
    return Condition(f"OR({empty}SUMPRODUCT({matches})<=1)", sentence)


# --- numbers, days and texts

_Found = tuple[Limit | None, str, str]
"""What a validation says of itself, the formula, and the formula of the mark where it differs."""


def _number_or_text(constraints: Constraints, kind: Kind, cell: str, names: Names) -> _Found | None:
    match kind:
        case Kind.DATE:
            return _day(constraints, cell)
        case Kind.DATETIME:
            least = f"DATE({FIRST_DAY.year},{FIRST_DAY.month},{FIRST_DAY.day})"
            formula = f"AND(ISNUMBER({cell}),{cell}>={least})"
            limit = Limit("decimal", least, operator="greaterThanOrEqual")
            return limit, formula, f"OR(ISTEXT({cell}),{formula})"
        case Kind.INTEGER | Kind.DECIMAL:
            return _number(constraints, cell, whole=kind is Kind.INTEGER)
    return _text(constraints, cell, names)


def _day(constraints: Constraints, cell: str) -> _Found:
    first, last = days_of(constraints.patterns)
    least, most = (f"DATE({day.year},{day.month},{day.day})" for day in (first, last))
    formula = f"AND(ISNUMBER({cell}),INT({cell})={cell},{cell}>={least},{cell}<={most})"
    early = f'AND(ISTEXT({cell}),LEN({cell})=10,{cell}<"1900-03-01")'
    return Limit("whole", least, most), formula, f"IFERROR(OR({early},{formula}),FALSE)"


def _number(constraints: Constraints, cell: str, *, whole: bool) -> _Found:
    end = _MOST_WHOLE if whole else _MOST
    least = _within(constraints.minimum, constraints.above)
    most = _within(constraints.maximum, constraints.below)
    tests = [f"ISNUMBER({cell})"]
    if whole:
        tests.append(f"INT({cell})={cell}")
    if constraints.multiple_of is not None and whole and constraints.multiple_of % 1 == 0:
        tests.append(f"MOD({cell},{constraints.multiple_of:f})=0")
    tests += [f"{cell}{'>' if strict else '>='}{number}" for number, strict in least]
    tests += [f"{cell}{'<' if strict else '<='}{number}" for number, strict in most]
    formula = f"AND({','.join(tests)})"
    kind: ValidationKind = "whole" if whole else "decimal"
    strict = any(strict for _, strict in (*least, *most))
    if "MOD(" in formula or (strict and len(least) + len(most) > 1) or len(least) > 1 or len(most) > 1:
        return None, formula, ""
    if not strict:
        low = least[0][0] if least else f"-{end}"
        return Limit(kind, low, most[0][0] if most else end), formula, ""
    if least:
        return Limit(kind, least[0][0], operator="greaterThan"), formula, ""
    return Limit(kind, most[0][0], operator="lessThan"), formula, ""


def _within(included: Decimal | None, excluded: Decimal | None) -> list[tuple[str, bool]]:
    """Return the limits on one side as text, each with whether the number itself is excluded."""
    found = ((included, False), (excluded, True))
    return [(f"{number:f}", strict) for number, strict in found if number is not None]


def _text(constraints: Constraints, cell: str, names: Names) -> _Found | None:
    runs = [fixed_runs(pattern) for pattern in constraints.patterns]
    tests = [pattern_formula(run, cell, lambda text: _named(text, names)) for run in runs if run]
    if constraints.max_length is not None:
        tests.append(f"LEN({cell})<={constraints.max_length}")
    if constraints.min_length > 1:
        tests.append(f"LEN({cell})>={constraints.min_length}")
    if not tests:
        return None
    formula = tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"
    if any(runs):
        return None, formula, ""
    if constraints.max_length is None:
        limit = Limit("length", str(constraints.min_length), operator="greaterThanOrEqual")
    else:
        limit = Limit("length", str(constraints.min_length), str(constraints.max_length))
    return limit, formula, ""


def _named(characters: str, names: Names) -> str:
    """Return the name of long lists of characters, so that formulas are short."""
    if characters in _ALPHABETS:
        return names.text(_ALPHABETS[characters], characters)
    return excel_literal(characters)
