"""Turn the conditions of a report definition into records, with named filters resolved."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from xlreport.spec.records import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    FieldRef,
    Not,
    Operand,
    Operator,
    PeriodDay,
    Scalar,
)
from xlreport.text import did_you_mean, listing

__all__ = ["Filters"]

_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OPERATORS: Final[tuple[Operator, ...]] = (
    "in",
    "notIn",
    "is",
    "exists",
    "atLeast",
    "atMost",
    "moreThan",
    "lessThan",
)


class Filters:
    """The named conditions of one report, resolved when they are asked for.

    A name that refers to nothing, or to itself, is noted in ``problems`` and holds always, so that all of
    them can be told at once.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Take the ``filters`` object of a validated report definition."""
        self._document = document
        self.problems: list[str] = []

    def condition(self, document: Any, path: str, seen: tuple[str, ...] = ()) -> Condition:  # any JSON
        """Return the condition written at ``path``."""
        if isinstance(document, str):
            return self._named(document, path, seen)
        if "all" in document:
            return AllOf(tuple(self.condition(part, f"{path}.all", seen) for part in document["all"]))
        if "any" in document:
            return AnyOf(tuple(self.condition(part, f"{path}.any", seen) for part in document["any"]))
        if "not" in document:
            return Not(self.condition(document["not"], f"{path}.not", seen))
        operator = next(name for name in _OPERATORS if name in document)
        return Compare(document["field"], operator, _operand(document[operator]))

    def optional(self, document: Mapping[str, Any], path: str) -> Condition | None:
        """Return the condition under ``where``, or None where there is none."""
        return self.condition(document["where"], f"{path}.where") if "where" in document else None

    def _named(self, name: str, path: str, seen: tuple[str, ...]) -> Condition:
        if name not in self._document:
            known = listing(sorted(self._document)) or "none"
            self._note(f"{path}: no filter '{name}'; there are {known}{did_you_mean(name, self._document)}")
        elif name in seen:
            circle = seen[seen.index(name) :]
            first = circle.index(min(circle))
            names = (*circle[first:], *circle[: first + 1])
            self._note(f"$.filters.{names[0]}: {' -> '.join(names)} goes round in a circle; break it.")
        else:
            return self.condition(self._document[name], f"$.filters.{name}", (*seen, name))
        return AllOf(())

    def _note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def _operand(value: Any) -> Operand:  # any JSON
    if isinstance(value, dict):
        return FieldRef(value["field"]) if "field" in value else PeriodDay(value["period"])
    if isinstance(value, list):
        return tuple(_scalar(item) for item in value)
    return _scalar(value)


def _scalar(value: Any) -> Scalar:  # any JSON
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return value
    return value  # type: ignore[no-any-return]  # JSON leaves str, int, bool, Decimal and None
