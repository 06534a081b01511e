"""The ``x-rules`` of a JSON Schema as records: what a rule compares, and which records it speaks of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from xlreport.findings import Severity

__all__ = ["COMPARISONS", "OPERATORS", "Operand", "Rule", "rule_of"]

OPERATORS: Final = ("sum", "count", "order", "same", "exists", "between", "unique", "in")
COMPARISONS: Final = ("equals", "atMost", "atLeast")


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison: the value at a path, or a fixed one."""

    path: str = ""
    """``value/amount``; empty for a fixed value."""
    value: Decimal | str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule between the values of a record."""

    id: str
    operator: str
    """One of `OPERATORS`."""
    paths: tuple[str, ...]
    """What the operator looks at: several for order and same, else one."""
    comparison: str = ""
    """For sum and count: one of `COMPARISONS`."""
    limit: Operand | None = None
    """For sum and count: what is compared with."""
    low: Operand | None = None
    """For between: the least allowed, None for no such limit."""
    high: Operand | None = None
    values: str | tuple[Any, ...] = ()
    """For in: the path of the allowed values, or the values."""
    tolerance: Decimal = Decimal(0)
    """For sum: the difference that is still allowed."""
    when: Mapping[str, Any] = field(default_factory=dict)
    """A JSON Schema: the rule speaks only of records that fit it."""
    where: Mapping[str, Any] = field(default_factory=dict)
    """A JSON Schema: of the items of an array that the paths lead through, only those that fit it count."""
    severity: Severity = Severity.ERROR
    description: str = ""
    """The rule in plain words."""
    message: str = ""
    """The sentence to use where it is broken; ``{title}`` and ``{value}`` stand for heading and value."""

    def every_path(self) -> Iterator[str]:
        """Iterate over all paths that the rule names."""
        yield from self.paths
        yield from (side.path for side in (self.limit, self.low, self.high) if side and side.path)
        if isinstance(self.values, str):
            yield self.values


def rule_of(declared: Mapping[str, Any]) -> Rule:
    """Return the record of a rule that ``schemas/rules.schema.json`` accepts."""
    operator = next(name for name in OPERATORS if name in declared)
    looked_at = declared[operator]
    comparison = next((name for name in COMPARISONS if name in declared), "")
    values = declared.get("values", ())
    return Rule(
        id=declared["id"],
        operator=operator,
        paths=(looked_at,) if isinstance(looked_at, str) else tuple(looked_at),
        comparison=comparison,
        limit=_operand(declared.get(comparison)),
        low=_operand(declared.get("from")),
        high=_operand(declared.get("to")),
        values=values if isinstance(values, str) else tuple(values),
        tolerance=Decimal(declared.get("tolerance", 0)),
        when=declared.get("when", {}),
        where=declared.get("where", {}),
        severity=Severity(declared.get("severity", Severity.ERROR)),
        description=declared.get("description", ""),
        message=declared.get("x-message", ""),
    )


def _operand(declared: str | Mapping[str, Any] | None) -> Operand | None:
    if declared is None or isinstance(declared, str):
        return Operand(declared) if declared else None
    fixed = declared["value"]
    return Operand(value=fixed if isinstance(fixed, str) else Decimal(str(fixed)))
