"""The ``x-rules`` of a JSON Schema as records: what a rule compares, and which records it speaks of."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from xlreport.findings import Severity

__all__ = ["COMPARISONS", "OPERATORS", "REASONS", "Operand", "Rule", "RuleOutcome", "arrays_of", "rule_of"]

OPERATORS: Final = ("sum", "count", "order", "same", "exists", "between", "unique", "in")
COMPARISONS: Final = ("equals", "atMost", "atLeast")


REASONS: Final = ("condition", "empty", "no-items", "errors")
"""Why a rule is not applicable to a record: it does not fit `Rule.when`; a value that is needed is empty;
there is no item that the rule speaks of; a value that is needed is known to be wrong."""


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
    message: str | Mapping[str, str] = ""
    """The sentence to use where it is broken, or one by language: ``{title}``, ``{value}`` and ``{limit}``
    stand for heading, value and what it was compared with."""

    def every_path(self) -> Iterator[str]:
        """Iterate over all paths that the rule names."""
        yield from self.paths
        yield from (side.path for side in (self.limit, self.low, self.high) if side and side.path)
        if isinstance(self.values, str):
            yield self.values

    @property
    def array(self) -> str:
        """The array whose items have to fit ``where``: the innermost that the paths lead through, or none."""
        arrays = [each[-1] for each in map(arrays_of, self.paths) if each]
        return max(arrays, key=lambda array: array.count("/"), default="")

    @property
    def scope(self) -> tuple[str, ...]:
        """The arrays whose items the rule is about one by one, outermost first; none for the whole record.

        Paths that lead through the same array mean the same item of it.
        """
        match self.operator:
            case "order" if len(self.paths) > 1:
                return max(map(arrays_of, self.paths), key=len)
            case "same" if len(self.paths) > 1:
                return _common(self.paths)
            case "sum" | "count" if self.limit:
                return arrays_of(self.limit.path)
            case "in" if isinstance(self.values, str):
                return _common([self.paths[0], self.values])[: len(arrays_of(self.values)) - 1]
        return ()


def arrays_of(path: str) -> tuple[str, ...]:
    """Return the arrays whose items the stars of a path stand for: ``a/*/b/*/c`` -> ``("a", "a/*/b")``."""
    parts = path.split("/")
    return tuple("/".join(parts[:at]) for at, step in enumerate(parts) if step == "*")


def _common(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the arrays that all paths lead through, from the first on."""
    shared: list[str] = []
    for arrays in zip(*map(arrays_of, paths), strict=False):
        if len(set(arrays)) > 1:
            break
        shared.append(arrays[0])
    return tuple(shared)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """In how many records of a resource a rule held, was broken, or did not apply: all of them together."""

    resource: str
    rule: str
    held: int = 0
    failed: int = 0
    not_applicable: Mapping[str, int] = field(default_factory=dict)
    """Number of records by one of `REASONS`; none that is 0."""
    severity: Severity = Severity.ERROR
    description: str = ""
    """The rule in plain words."""


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
