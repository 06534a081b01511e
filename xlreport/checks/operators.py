"""Judge one record by one rule: an operator of the vocabulary is a function here.

It yields, for each thing that it compares, HELD, a reason why it does not compare it, or the problem found.
What it compares is said in ``schemas/rules.schema.json``.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from xlreport.checks import rule_words
from xlreport.checks.comparing import (
    Comparable,
    NotComparableError,
    added_up,
    comparable,
    is_less,
    is_same,
    less,
)
from xlreport.checks.engines import Path
from xlreport.checks.naming import Problem
from xlreport.checks.reach import EMPTY, REJECTED, Found, Reach, Stars, Wrong
from xlreport.checks.rule_words import Located
from xlreport.findings import Place
from xlreport.registry import ResourceSchema
from xlreport.rules import Operand, Rule
from xlreport.sorts import Sort
from xlreport.tables import Record

__all__ = ["HELD", "JUDGES", "Case", "Judgement", "Prepared"]

HELD: Final = "held"
_EMPTY: Final = "empty"
_NO_ITEMS: Final = "no-items"
_ERRORS: Final = "errors"

Judgement = str | Problem
"""HELD, one of `REASONS`, or what is wrong."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rule with all its paths ready to be followed."""

    rule: Rule
    resource: ResourceSchema
    paths: tuple[Reach, ...]
    limits: Mapping[str, Reach]
    """By name of the operand, limit, low or high, where it is a path; ``values`` for the list of in."""
    scope: Reach | None
    """The items, of an array, that the rule is about one by one; None where it is about the whole record."""
    sorts: Mapping[str, Sort]
    """By path, what kind of value stands there."""

    @property
    def fixed_sort(self) -> Sort:
        """What kind of value a text of the rule itself is: a day or moment where it is compared with one."""
        return Sort.TIME if self.sorts[self.paths[0].path] is Sort.TIME else Sort.ANY


@dataclass(frozen=True, slots=True)
class Case:
    """A record before the judge."""

    record: Record
    wrong: Wrong
    place: Callable[[Path], Place]
    """Where a value of the record stands in its file."""


def _rows(prepared: Prepared, case: Case) -> Iterator[Stars]:
    """Yield, for each item that the rule is about, what its stars stand for; of a record, ()."""
    if prepared.scope is None:
        yield ()
        return
    for path, _ in prepared.scope.find(case.record):
        yield prepared.scope.stars(path)


def _comparable(prepared: Prepared, path: str, found: Found) -> Comparable:
    """Return what a value is compared by; NotComparableError, with the place, for one of another kind."""
    try:
        return comparable(found[1], prepared.sorts[path])
    except NotComparableError as error:
        raise NotComparableError(found) from error


def _limit(prepared: Prepared, case: Case, name: str, operand: Operand, stars: Stars) -> Located:
    """Return the place and value of an operand; a fixed value has no place."""
    if name not in prepared.limits:
        return (), operand.value
    found = prepared.limits[name].find(case.record, stars, case.wrong)
    return found[0] if found else ((), EMPTY)


def _unusable(values: list[Any]) -> str:
    """Return the reason not to compare values, or an empty string where there is none."""
    if any(value is REJECTED for value in values):
        return _ERRORS
    return _EMPTY if any(value is EMPTY for value in values) else ""


# --- sum and count -----------------------------------------------------------------------------------


def _sum(prepared: Prepared, case: Case) -> Iterator[Judgement]:
    for stars in _rows(prepared, case):
        found = prepared.paths[0].find(case.record, stars, case.wrong)
        if not found:
            yield _NO_ITEMS
            continue
        yield from _total(prepared, case, stars, [each for each in found if each[1] is not EMPTY])


def _total(prepared: Prepared, case: Case, stars: Stars, found: list[Found]) -> Iterator[Judgement]:
    rule = prepared.rule
    assert rule.limit is not None  # noqa: S101  # the vocabulary asks for one
    limit = _limit(prepared, case, "limit", rule.limit, stars)
    unusable = _unusable([limit[1], *(value for _, value in found)]) or ("" if found else _EMPTY)
    if unusable:
        yield unusable
        return
    for each in (*found, limit):
        _number(each)
    total = added_up([value for _, value in found])
    difference = less(total, limit[1])
    if _fits(rule.comparison, difference, rule.tolerance):
        yield HELD
    else:
        yield rule_words.summed(rule, prepared.resource, found[0][0], total, limit, difference)


def _number(found: Found) -> None:
    if type(found[1]) not in (int, Decimal):
        raise NotComparableError(found)


def _fits(comparison: str, difference: Decimal, tolerance: Decimal) -> bool:
    low = comparison == "atMost" or difference >= tolerance.copy_negate()
    return low and (comparison == "atLeast" or difference <= tolerance)


def _count(prepared: Prepared, case: Case) -> Iterator[Judgement]:
    rule = prepared.rule
    assert rule.limit is not None  # noqa: S101  # the vocabulary asks for one
    for stars in _rows(prepared, case):
        limit = _limit(prepared, case, "limit", rule.limit, stars)
        found = prepared.paths[0].find(case.record, stars, case.wrong)
        if case.wrong.concerns(rule.paths[0]):
            found = [*found, ((), REJECTED)]
        unusable = _unusable([limit[1]]) or (_ERRORS if any(each[1] is REJECTED for each in found) else "")
        if unusable:
            yield unusable
            continue
        _number(limit)
        number = sum(value is not EMPTY for _, value in found)
        if _fits(rule.comparison, less(number, limit[1]), Decimal(0)):
            yield HELD
        else:
            array = prepared.paths[0].array(stars)
            yield rule_words.counted(rule, prepared.resource, array, number, limit)


# --- order and between -------------------------------------------------------------------------------


def _order(prepared: Prepared, case: Case) -> Iterator[Judgement]:
    if len(prepared.paths) == 1:
        found = prepared.paths[0].find(case.record, (), case.wrong)
        chain = [(prepared.paths[0].path, each) for each in found]
        yield from _chain(prepared, chain) if chain else (_NO_ITEMS,)
        return
    for stars in _rows(prepared, case):
        chain = [
            (reach.path, found)
            for reach in prepared.paths
            for found in reach.find(case.record, stars, case.wrong)
        ]
        yield from _chain(prepared, chain)


def _chain(prepared: Prepared, chain: list[tuple[str, Found]]) -> Iterator[Judgement]:
    """Compare each value with the last one in front of it that is not empty."""
    there = [(path, found) for path, found in chain if found[1] is not EMPTY]
    if len(there) < 2:  # noqa: PLR2004  # one value has no order
        yield _ERRORS if any(found[1] is REJECTED for _, found in there) else _EMPTY
        return
    before: tuple[Found, Comparable] | None = None
    for path, found in there:
        if found[1] is REJECTED:
            yield _ERRORS
            continue
        value = _comparable(prepared, path, found)
        if before:
            yield _in_order(prepared, found, value, *before)
        before = found, value


def _in_order(
    prepared: Prepared, found: Found, value: Comparable, earlier: Found, limit: Comparable
) -> Judgement:
    if not _less(found, value, limit):
        return HELD
    return rule_words.out_of_order(prepared.resource, _sort(value), found, earlier)


def _less(found: Found, one: Comparable, other: Comparable) -> bool:
    try:
        return is_less(one, other)
    except NotComparableError as error:
        raise NotComparableError(found) from error


def _sort(value: Comparable) -> str:
    return "time" if value.sort in ("day", "moment") else value.sort


def _between(prepared: Prepared, case: Case) -> Iterator[Judgement]:
    reach = prepared.paths[0]
    found = reach.find(case.record, (), case.wrong)
    if not found:
        yield _NO_ITEMS
    for each in found:
        unusable = _unusable([each[1]])
        if unusable:
            yield unusable
        else:
            yield from _within(prepared, case, each, reach.stars(each[0]))


def _within(prepared: Prepared, case: Case, found: Found, stars: Stars) -> Iterator[Judgement]:
    path = prepared.paths[0].path
    value = _comparable(prepared, path, found)
    for name, operand in (("low", prepared.rule.low), ("high", prepared.rule.high)):
        if operand is None:
            continue
        at, allowed = _limit(prepared, case, name, operand, stars)
        unusable = _unusable([allowed])
        if unusable:
            yield unusable
            continue
        limit = (
            _comparable(prepared, operand.path, (at, allowed))
            if operand.path
            else comparable(allowed, prepared.fixed_sort)
        )
        above = name == "high"
        if _less(found, limit, value) if above else _less(found, value, limit):
            yield rule_words.out_of_range(prepared.resource, _sort(value), found, (at, allowed), above=above)
        else:
            yield HELD


# --- same, unique, in and exists ---------------------------------------------------------------------


def _same(prepared: Prepared, case: Case) -> Iterator[Judgement]:
    for stars in _rows(prepared, case):
        chain = [
            (reach.path, found)
            for reach in prepared.paths
            for found in reach.find(case.record, stars, case.wrong)
        ]
        yield from _equal(prepared, chain)


def _equal(prepared: Prepared, chain: list[tuple[str, Found]]) -> Iterator[Judgement]:
    """Compare each value with the first that is not empty."""
    there = [(path, found) for path, found in chain if found[1] not in (EMPTY, REJECTED)]
    if any(found[1] is REJECTED for _, found in chain):
        yield _ERRORS
    if len(there) < 2:  # noqa: PLR2004  # one value is always the same
        singles = sum(reach.is_single for reach in prepared.paths)
        yield _EMPTY if len(chain) > singles or singles == len(prepared.paths) else _NO_ITEMS
        return
    first = there[0][1]
    value = _comparable(prepared, there[0][0], first)
    for path, found in there[1:]:
        if _is_same(found, _comparable(prepared, path, found), value):
            yield HELD
        else:
            yield rule_words.not_same(prepared.resource, found, first)


def _is_same(found: Found, one: Comparable, other: Comparable) -> bool:
    try:
        return is_same(one, other)
    except NotComparableError as error:
        raise NotComparableError(found) from error


def _unique(prepared: Prepared, case: Case) -> Iterator[Judgement]:
    reach = prepared.paths[0]
    found = reach.find(case.record, (), case.wrong)
    firsts: dict[Comparable, Path] = {}
    for each in found:
        unusable = _unusable([each[1]])
        if unusable:
            yield unusable
            continue
        value = _comparable(prepared, reach.path, each)
        first = firsts.setdefault(value._replace(day=""), each[0])
        yield HELD if first == each[0] else rule_words.repeated(prepared.resource, each, case.place(first))
    if not found:
        yield _NO_ITEMS


def _in(prepared: Prepared, case: Case) -> Iterator[Judgement]:
    for stars in _rows(prepared, case):
        found = prepared.paths[0].find(case.record, stars, case.wrong)
        if not found:
            yield _NO_ITEMS
            continue
        allowed = _allowed(prepared, case, stars)
        useless = _unusable(allowed or [EMPTY])
        known = frozenset() if useless else _comparables(prepared, allowed)
        for each in found:
            yield _unusable([each[1]]) or useless or _listed(prepared, each, allowed, known)


def _allowed(prepared: Prepared, case: Case, stars: Stars) -> list[Any]:
    """Return the values of the list; empty ones are none."""
    if "values" not in prepared.limits:
        return list(prepared.rule.values)
    found = prepared.limits["values"].find(case.record, stars, case.wrong)
    return [value for _, value in found if value is not EMPTY]


def _listed(prepared: Prepared, found: Found, allowed: list[Any], known: frozenset[Comparable]) -> Judgement:
    value, values = _comparable(prepared, prepared.paths[0].path, found), prepared.rule.values
    path = values if isinstance(values, str) else ""
    if value in known or (_sort(value) == "time" and any(_may_be_same(value, each) for each in known)):
        return HELD
    return rule_words.not_listed(prepared.resource, found, allowed, path)


def _comparables(prepared: Prepared, values: list[Any]) -> frozenset[Comparable]:
    """Return what the values of a list are compared by, in which there may be some of another kind."""
    declared = prepared.rule.values
    sort = prepared.sorts[declared] if isinstance(declared, str) else prepared.fixed_sort
    found = set()
    for value in values:
        with contextlib.suppress(NotComparableError):
            found.add(comparable(value, sort))
    return frozenset(found)


def _may_be_same(value: Comparable, other: Comparable) -> bool:
    try:
        return is_same(value, other)
    except NotComparableError:
        return False


def _exists(prepared: Prepared, case: Case) -> Iterator[Judgement]:
    found = prepared.paths[0].find(case.record, (), case.wrong)
    if not found:
        yield _NO_ITEMS
    for path, value in found:
        if value is REJECTED:
            yield _ERRORS
        else:
            yield rule_words.missing(prepared.resource, path) if value is EMPTY else HELD


JUDGES: Final[Mapping[str, Callable[[Prepared, Case], Iterator[Judgement]]]] = {
    "sum": _sum,
    "count": _count,
    "order": _order,
    "same": _same,
    "exists": _exists,
    "between": _between,
    "unique": _unique,
    "in": _in,
}
