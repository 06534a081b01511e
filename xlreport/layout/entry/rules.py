"""Turn the x-rules of a resource into Excel formulas, where one can say them.

What a rule asks of one value in view of others is refused when the value is entered. What it asks of sums,
counts and missing values can only be marked: no single entry makes them right or wrong.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from xlreport.fields import table_of
from xlreport.findings import Severity
from xlreport.language import excel_literal
from xlreport.layout.entry.book import FormBook, Spot
from xlreport.layout.entry.conditions import Condition, Limit
from xlreport.layout.entry.sheets import key_paths
from xlreport.rules import Operand, Rule
from xlreport.tables import Kind

__all__ = ["needs_of", "rule_conditions"]

_ORDERED: Final = (Kind.DATE, Kind.DATETIME, Kind.INTEGER, Kind.DECIMAL)
_DAYS: Final = (Kind.DATE, Kind.DATETIME)


@dataclass(frozen=True, slots=True)
class _View:
    """A rule, seen from a column."""

    rule: Rule
    spot: Spot
    book: FormBook

    def value(self, path: str) -> tuple[str, str] | None:
        """Return the formula of the value at a path for this row, and what it is called; None if unclear."""
        other = self.book.spot(self.spot.sheet.resource, path)
        if other is None:
            return None
        if other.sheet is self.spot.sheet:
            return other.cell, other.column.heading
        return _looked_up(other, self.spot, self.book)

    def operand(self, operand: Operand) -> tuple[str, str] | None:
        """Return the formula of one side of a comparison, and what it is called."""
        if operand.path:
            return self.value(operand.path)
        if isinstance(operand.value, Decimal):
            return f"{operand.value:f}", str(operand.value)
        return None if operand.value is None else (_fixed(operand.value, self.spot), str(operand.value))

    def said(self, sentence: str) -> str:
        """Return the rule's own words, or the sentence where it has none."""
        return self.book.language.text(self.rule.description) or sentence


def _looked_up(other: Spot, spot: Spot, book: FormBook) -> tuple[str, str] | None:
    """Return the formula that looks a value of the record up, from a row of one of its child sheets."""
    keys = key_paths(book.resources[spot.sheet.resource])
    if other.sheet.array or len(keys) > 1 or not spot.sheet.array:
        return None
    there, here = other.sheet.number_of(keys[0]), spot.sheet.number_of(keys[0], key=True)
    values, ids = book.range(other, spot.sheet), book.range(Spot(other.sheet, there), spot.sheet)
    name = book.language.text(
        "{column} of the {record}", column=other.column.heading, record=other.sheet.record_title
    )
    return f"INDEX({values},MATCH({spot.sheet.cell(here)},{ids},0))", name


def _fixed(text: str, spot: Spot) -> str:
    if spot.column.kind in _DAYS and text[4:5] == text[7:8] == "-":
        year, month, day = text[:10].split("-")
        return f"DATE({int(year)},{int(month)},{int(day)})"
    return excel_literal(text)


def rule_conditions(spot: Spot, book: FormBook) -> Iterator[Condition]:
    """Yield what the rules of a resource ask of the values in a column."""
    for rule in book.resources[spot.sheet.resource].rules:
        when = _applies(rule, spot, book)
        if when is None or rule.operator not in _OPERATORS:
            continue
        for found in _OPERATORS[rule.operator](_View(rule, spot, book)):
            formula = f"OR(NOT({when}),{found.formula})" if when else found.formula
            stops = rule.severity is Severity.ERROR
            yield Condition(formula, found.sentence, stops=stops, limit=found.limit, refused=found.refused)


def needs_of(spot: Spot, book: FormBook) -> Iterator[str]:
    """Yield the formulas of when the rules need a value in the column, for rows that are begun."""
    for rule in book.resources[spot.sheet.resource].rules:
        if rule.operator == "exists" and rule.paths[0] == spot.column.path:
            when = _applies(rule, spot, book)
            if when is not None:
                yield when or f"COUNTA({spot.sheet.row_cells()})>0"


def _applies(rule: Rule, spot: Spot, book: FormBook) -> str | None:
    """Return the formula of when a rule applies: empty where it always does, None where none can say it."""
    view = _View(rule, spot, book)
    when = _fits(rule.when, "", view)
    if when is None or not rule.where:
        return when
    if not spot.sheet.array or rule.operator in ("sum", "count"):
        return None
    where = _fits(rule.where, spot.sheet.row_path + "/", view)
    if where is None:
        return None
    return f"AND({when},{where})" if when and where else when or where


def _fits(schema: Mapping[str, Any], prefix: str, view: _View) -> str | None:
    """Return the formula of a schema that only asks members for certain values; None for any other."""
    if not set(schema) <= {"properties", "required", "type"}:
        return None
    tests = []
    for name, asked in schema.get("properties", {}).items():
        found = view.value(prefix + name)
        values = asked.get("enum", [asked["const"]] if "const" in asked else None)
        if found is None or values is None or not set(asked) <= {"enum", "const"}:
            return None
        tests.append(_is_one_of(found[0], values))
    for name in set(schema.get("required", ())) - set(schema.get("properties", {})):
        found = view.value(prefix + name)
        if found is None:
            return None
        tests.append(f'{found[0]}<>""')
    return tests[0] if len(tests) == 1 else f"AND({','.join(tests)})" if tests else ""


def _is_one_of(cell: str, values: list[Any]) -> str:
    tests = [f"EXACT({cell},{excel_literal(value) if isinstance(value, str) else value})" for value in values]
    return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"


# --- one value in view of others


def _order(view: _View) -> Iterator[Condition]:
    paths, spot = view.rule.paths, view.spot
    if spot.column.path not in paths or spot.column.kind not in _ORDERED:
        return
    own = paths.index(spot.column.path)
    for at, path in enumerate(paths):
        found = view.value(path) if at != own else None
        if found:
            formula, name = found
            sign = ">=" if at < own else "<="
            test = f'OR({formula}="",{spot.cell}{sign}{formula})'
            yield Condition(_safe(test, formula), view.said(_order_said(view, name, later=at < own)))


def _order_said(view: _View, name: str, *, later: bool) -> str:
    text, title = view.book.language.text, view.spot.column.heading
    if view.spot.column.kind in _DAYS:
        if later:
            return text("{title} is not before {other}.", title=title, other=name)
        return text("{title} is not after {other}.", title=title, other=name)
    if later:
        return text("{title} is not less than {other}.", title=title, other=name)
    return text("{title} is not more than {other}.", title=title, other=name)


def _safe(test: str, *parts: str) -> str:
    """Return a test that holds where a value is looked up that is not there: another finding says that."""
    return f"IFERROR({test},TRUE)" if any("MATCH(" in part for part in parts) else test


def _same(view: _View) -> Iterator[Condition]:
    spot, book = view.spot, view.book
    if spot.column.path not in view.rule.paths:
        return
    for path in view.rule.paths:
        found = view.value(path) if path != spot.column.path else None
        if found:
            formula, name = found
            said = book.language.text(
                "{title} is the same as {other}.", title=spot.column.heading, other=name
            )
            yield Condition(_is_same(formula, path, view), view.said(said))


def _is_same(formula: str, path: str, view: _View) -> str:
    """Return the test that a value is that at the path: empty, or equal."""
    spot, book = view.spot, view.book
    other = book.spot(spot.sheet.resource, path)
    if other is None or other.sheet is spot.sheet:
        equal = _equal(spot, formula)
        return f'OR({formula}="",{equal})'
    (key,) = key_paths(book.resources[spot.sheet.resource])
    ids = book.range(Spot(other.sheet, other.sheet.number_of(key)), spot.sheet)
    here, values = spot.sheet.cell(spot.sheet.number_of(key, key=True)), book.range(other, spot.sheet)
    same_record = f'({ids}<>"")*EXACT({ids},{here})'
    return f'SUMPRODUCT({same_record}*({values}<>"")*NOT({_equal(spot, values)}))=0'


def _equal(spot: Spot, other: str) -> str:
    return f"EXACT({spot.cell},{other})" if spot.column.kind is Kind.TEXT else f"{spot.cell}={other}"


def _between(view: _View) -> Iterator[Condition]:
    rule, spot = view.rule, view.spot
    if rule.paths[0] != spot.column.path or spot.column.kind not in _ORDERED:
        return
    for operand, sign, later in ((rule.low, ">=", True), (rule.high, "<=", False)):
        found = view.operand(operand) if operand else None
        if found:
            formula, name = found
            test = (
                f'OR({formula}="",{spot.cell}{sign}{formula})'
                if operand and operand.path
                else f"{spot.cell}{sign}{formula}"
            )
            yield Condition(_safe(test, formula), view.said(_order_said(view, name, later=later)))


def _unique(view: _View) -> Iterator[Condition]:
    spot, book = view.spot, view.book
    if view.rule.paths[0] != spot.column.path or not spot.sheet.array:
        return
    same = _of_the_record(spot, spot, book)
    if same:
        said = book.language.text("{title} is different in every row of a record.", title=spot.column.heading)
        yield Condition(f"SUMPRODUCT({same})<=1", view.said(said))


def _of_the_record(other: Spot, spot: Spot, book: FormBook) -> str:
    """Return what counts the rows of a child sheet that are of the same record and have the same value."""
    keys = key_paths(book.resources[spot.sheet.resource])
    parts = []
    for path in keys:
        there, here = other.sheet.number_of(path, key=True), spot.sheet.number_of(path, key=True)
        if not there or not here:
            return ""
        parts.append(f"EXACT({book.range(Spot(other.sheet, there), spot.sheet)},{spot.sheet.cell(here)})")
    return "*".join([*parts, f"EXACT({book.range(other, spot.sheet)},{spot.cell})"])


def _in(view: _View) -> Iterator[Condition]:
    rule, spot, book = view.rule, view.spot, view.book
    if rule.paths[0] != spot.column.path or spot.column.repeated:
        return
    text, title = book.language.text, spot.column.heading
    if not isinstance(rule.values, str):
        name = book.choices.name(title, spot.column.path, rule.values)
        said = text("{title}: {allowed}.", title=title, allowed=book.language.listing(map(str, rule.values)))
        yield Condition(
            f"SUMPRODUCT(--EXACT({name},{spot.cell}))>0", view.said(said), limit=Limit("list", name)
        )
        return
    other = book.spot(spot.sheet.resource, rule.values)
    if other is None or not other.sheet.array:
        return
    same = _of_the_record(other, spot, book)
    if same:
        said = text(
            "{title} is one of those that the sheet {sheet} has for the same record.",
            title=title,
            sheet=other.sheet.name,
        )
        yield Condition(f"SUMPRODUCT({same})>0", view.said(said))


# --- sums and counts over the rows of a child sheet


def _sum(view: _View) -> Iterator[Condition]:
    yield from _compared(view, "SUMIFS({values},{keys},{key})", Decimal("1E-9") + view.rule.tolerance)


def _count(view: _View) -> Iterator[Condition]:
    yield from _compared(view, 'COUNTIFS({keys},{key},{values},"<>")', Decimal(0))


def _compared(view: _View, total: str, tolerance: Decimal) -> Iterator[Condition]:
    """Yield the condition of a sum at the value that it is compared with, or else at the record's key."""
    rule, spot, book = view.rule, view.spot, view.book
    keys = key_paths(book.resources[spot.sheet.resource])
    if spot.sheet.array or rule.limit is None or len(keys) > 1:
        return
    if spot.column.path != (rule.limit.path or keys[0]):
        return
    path = rule.paths[0]
    summed = book.spot(spot.sheet.resource, path)
    if summed is None or summed.sheet.array != table_of(path) or not summed.sheet.array:
        return
    there = summed.sheet.number_of(keys[0], key=True)
    words = {
        "values": book.range(summed, spot.sheet),
        "keys": book.range(Spot(summed.sheet, there), spot.sheet),
        "key": spot.sheet.cell(spot.sheet.number_of(keys[0])),
    }
    limit = view.operand(rule.limit)
    if limit is None:
        return
    difference = f"{total.format_map(words)}-{limit[0]}"
    test = {
        "equals": f"ABS({difference})<={tolerance:f}",
        "atMost": f"{difference}<={tolerance:f}",
        "atLeast": f"{difference}>=-{tolerance:f}",
    }[rule.comparison]
    if rule.operator == "sum":
        test = f'OR(COUNTIFS({words["keys"]},{words["key"]},{words["values"]},"<>")=0,{test})'
    said = book.language.text(
        "{title} does not go with the sheet {sheet}.", title=spot.column.heading, sheet=summed.sheet.name
    )
    yield Condition(test, view.said(said), refused=False)


_OPERATORS: Final[Mapping[str, Callable[[_View], Iterator[Condition]]]] = {
    "order": _order,
    "same": _same,
    "between": _between,
    "unique": _unique,
    "in": _in,
    "sum": _sum,
    "count": _count,
}
