"""Turn conditions and computed columns into SQL: identifiers quoted, values bound, never pasted.

A `Sql` is a piece of text with question marks and the values that go into them, in order.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from xlreport.analysis.periods import Period
from xlreport.analysis.results import ModelColumn
from xlreport.errors import SpecError
from xlreport.language import Language
from xlreport.spec.records import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    FieldRef,
    Not,
    PeriodDay,
    When,
)
from xlreport.tables import Kind
from xlreport.text import listing, nearest

__all__ = [
    "ALWAYS",
    "DATES",
    "NUMBERS",
    "Scope",
    "Sql",
    "both",
    "column_id",
    "condition_sql",
    "in_kinds",
    "join",
    "kind_of",
    "period_case",
    "quoted",
    "when_sql",
]


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL and the values bound to its question marks."""

    text: str
    values: tuple[Any, ...] = ()

    def __add__(self, other: "Sql | str") -> "Sql":
        """Return this piece followed by another."""
        if isinstance(other, str):
            return Sql(self.text + other, self.values)
        return Sql(self.text + other.text, self.values + other.values)

    def __radd__(self, other: str) -> "Sql":
        """Return some text followed by this piece."""
        return Sql(other + self.text, self.values)


ALWAYS: Final = Sql("TRUE")
NUMBERS: Final = (Kind.INTEGER, Kind.DECIMAL)
DATES: Final = (Kind.DATE, Kind.DATETIME)


def join(pieces: Iterable[Sql], separator: str) -> Sql:
    """Return the pieces with ``separator`` between them."""
    listed = list(pieces)
    return Sql(
        separator.join(piece.text for piece in listed),
        tuple(value for piece in listed for value in piece.values),
    )


def quoted(name: str) -> str:
    """Return ``name`` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


_KINDS: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "text",
    Kind.INTEGER: "whole numbers",
    Kind.DECIMAL: "numbers",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "dates",
    Kind.DATETIME: "dates with times",
}


def in_kinds(kind: Kind) -> str:
    """Return what a column of a kind holds, in words."""
    return _KINDS[kind]


def column_id(name: str) -> str:
    """Return the SQL identifier of a field: no two fields share one, though the engine ignores case.

    A plain lower-case name is its own identifier. Any other gets a suffix that says which of its letters
    are not, which also keeps fields apart from the engine's own columns, whose names begin with ``_``.
    """
    if name and name == name.lower() and not name.startswith("_"):
        return quoted(name)
    raised = sum(1 << place for place, letter in enumerate(name) if letter != letter.lower())
    return quoted(f"{name} #{raised:x}")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition may speak of: the fields of one table, and perhaps a period."""

    table: str
    columns: Mapping[str, ModelColumn]
    period: Period | None = None

    def field(self, name: str, kinds: Collection[Kind] = ()) -> str:
        """Return the SQL for a field.

        SpecError, with the nearest name, where the table has none such, and where it is not of ``kinds``.
        """
        if name not in self.columns:
            raise SpecError(self._unknown(name))
        kind = self.columns[name].kind
        if kinds and kind not in kinds:
            wanted = listing((_KINDS[kind] for kind in kinds), "or")
            message = f"the field '{name}' of '{self.table}' holds {_KINDS[kind]}; {wanted} are needed here."
            raise SpecError(message)
        return f"t.{column_id(name)}"

    def _unknown(self, name: str) -> str:
        shown = sorted(known for known in self.columns if not known.startswith("_"))
        # A nested field is often named by its last part: amount for value/amount.
        last_parts = {known.rpartition("/")[2]: known for known in shown}
        meant = nearest(name, shown) or last_parts.get(nearest(name, last_parts) or "")
        guess = f"; did you mean '{meant}'?" if meant else ""
        return f"no field '{name}' in the table '{self.table}'; it has {listing(shown, most=60)}{guess}"


def both(*conditions: Sql) -> Sql:
    """Return the pieces joined by AND, without those that always hold."""
    kept = [condition for condition in conditions if condition != ALWAYS]
    return join(("(" + condition + ")" for condition in kept), " AND ") if kept else ALWAYS


def condition_sql(condition: Condition | None, scope: Scope) -> Sql:
    """Return the SQL of a condition; an unknown (NULL) counts as not holding wherever it is negated."""
    if condition is None:
        return ALWAYS
    if isinstance(condition, AllOf):
        return join(("(" + condition_sql(part, scope) + ")" for part in condition.parts), " AND ")
    if isinstance(condition, AnyOf):
        return join(("(" + condition_sql(part, scope) + ")" for part in condition.parts), " OR ")
    if isinstance(condition, Not):
        return "NOT COALESCE((" + condition_sql(condition.part, scope) + "), FALSE)"
    return _COMPARISONS[condition.operator](condition, scope)


def _in(compare: Compare, scope: Scope) -> Sql:
    values = compare.operand if isinstance(compare.operand, tuple) else (compare.operand,)
    present = tuple(_fitting(value, compare, scope) for value in values if value is not None)
    field = scope.field(compare.field)
    listed = Sql(f"{field} IN ({', '.join('?' * len(present))})", present) if present else Sql("FALSE")
    return "(" + listed + f" OR {field} IS NULL)" if None in values else listed


def _not_in(compare: Compare, scope: Scope) -> Sql:
    return "NOT COALESCE(" + _in(compare, scope) + ", FALSE)"


def _is(compare: Compare, scope: Scope) -> Sql:
    if compare.operand is None:
        return Sql(f"{scope.field(compare.field)} IS NULL")
    return _against("=")(compare, scope)


def _exists(compare: Compare, scope: Scope) -> Sql:
    return Sql(f"{scope.field(compare.field)} IS {'NOT ' if compare.operand else ''}NULL")


def _against(operator: str) -> "Callable[[Compare, Scope], Sql]":
    def compared(compare: Compare, scope: Scope) -> Sql:
        return f"{scope.field(compare.field)} {operator} " + _operand(compare, scope)

    return compared


def _operand(compare: Compare, scope: Scope) -> Sql:
    if isinstance(compare.operand, FieldRef):
        scope.field(compare.field)
        return Sql(scope.field(compare.operand.name, _alike(scope.columns[compare.field].kind)))
    if isinstance(compare.operand, PeriodDay):
        scope.field(compare.field, DATES)
        return Sql("?", (_day(compare.operand, scope),))
    return Sql("?", (_fitting(compare.operand, compare, scope),))


def _fitting(value: object, compare: Compare, scope: Scope) -> object:
    """Return ``value`` as the field has it; SpecError where the field can never be compared with it."""
    scope.field(compare.field)
    kind = scope.columns[compare.field].kind
    if kind_of(value) not in _alike(kind):
        message = (
            f"the field '{compare.field}' of '{scope.table}' holds {_KINDS[kind]}, and {value!r} is none."
        )
        raise SpecError(message)
    return scope.columns[compare.field].words.get(value, value) if isinstance(value, str) else value


def _alike(kind: Kind) -> Collection[Kind]:
    """Return the kinds whose values can be compared with those of ``kind``."""
    return next((group for group in (NUMBERS, DATES) if kind in group), (kind,))


def kind_of(value: object) -> Kind:
    """Return the kind of column that holds such a value."""
    if isinstance(value, bool):
        return Kind.BOOLEAN
    for python, kind in ((int, Kind.INTEGER), (Decimal, Kind.DECIMAL), (dt.date, Kind.DATE)):
        if isinstance(value, python):
            return kind
    return Kind.TEXT


def _day(operand: PeriodDay, scope: Scope) -> dt.date:
    if scope.period is None:
        message = (
            f"the table '{scope.table}' is built once for all periods, so a condition on its rows or columns "
            "cannot speak of the period; put it into a measure."
        )
        raise SpecError(message)
    days = {"start": scope.period.start, "end": scope.period.end}
    return days[operand.day] if operand.day in days else scope.period.year_after_end()


_COMPARISONS: Final[Mapping[str, Callable[[Compare, Scope], Sql]]] = {
    "in": _in,
    "notIn": _not_in,
    "is": _is,
    "exists": _exists,
    "atLeast": _against(">="),
    "atMost": _against("<="),
    "moreThan": _against(">"),
    "lessThan": _against("<"),
}


def when_sql(when: When, scope: Scope) -> Sql:
    """Return the SQL that tells whether a row belongs to the scope's period."""
    if when.kind == "always" or scope.period is None:
        return ALWAYS
    kinds = (Kind.TEXT,) if when.kind == "is" else DATES
    fields = [scope.field(name, kinds) for name in when.fields]
    start, end = scope.period.start, scope.period.end
    if when.kind == "in":
        return Sql(f"{fields[0]} BETWEEN ? AND ?", (start, end))
    if when.kind == "upTo":
        return Sql(f"{fields[0]} <= ?", (end,))
    if when.kind == "is":
        return Sql(f"{fields[0]} = ?", (scope.period.label,))
    return Sql(f"{fields[0]} <= ? AND ({fields[1]} IS NULL OR {fields[1]} >= ?)", (end, start))


def period_case(date: str, periods: tuple[Period, ...], take: str, language: Language) -> Sql:
    """Return the SQL for the label, start or end of the period that the SQL ``date`` falls in."""
    pieces = [Sql("CASE")]
    if take == "label":
        pieces.append(
            Sql(
                f" WHEN {date} < ? THEN ?",
                (periods[0].start, language.text("before {period}", period=periods[0].label)),
            )
        )
    else:
        pieces.append(Sql(f" WHEN {date} < ? THEN NULL", (periods[0].start,)))
    pieces += [Sql(f" WHEN {date} <= ? THEN ?", (period.end, getattr(period, take))) for period in periods]
    if take == "label":
        pieces.append(
            Sql(
                f" WHEN {date} IS NOT NULL THEN ?",
                (language.text("after {period}", period=periods[-1].label),),
            )
        )
    return join(pieces, "") + " END"
