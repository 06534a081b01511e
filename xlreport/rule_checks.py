"""Refuse rules that can never be judged: each is a slip in the schema, and is said when the schema is loaded.

What the paths lead to, and whether that can be compared as the rule wants it, is known from the schema alone.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from xlreport.errors import SchemaError
from xlreport.rules import Operand, Rule, arrays_of
from xlreport.sorts import PLAIN, Sort, at_path, sort_at, sort_of_value
from xlreport.subschemas import Subschema
from xlreport.text import did_you_mean, shown
from xlreport.vocabulary import X_KEYWORDS, ForeignKey, Keywords

__all__ = ["check_rules"]

_MANY: Final = frozenset({"count", "unique"})
"""Operators that mean nothing for a value that there is only one of."""
_ORDERED: Final = frozenset({"order", "between"})
"""Operators that ask which of two values comes first."""


def check_rules(
    schema: str, resource: str, keywords: Keywords, record: Subschema, described: Iterable[str]
) -> None:
    """Raise SchemaError, with the rule's id, where a rule of ``resource`` cannot be judged.

    ``described`` are the paths that the schema of the ``record`` knows; a condition names no others.
    """
    known = frozenset(described)
    _check_places(f"Schema {schema}", resource, record, known)
    names = Counter(rule.id for rule in keywords.rules)
    for rule in keywords.rules:
        about = f"Schema {schema}: rule {rule.id} of {resource}"
        if names[rule.id] > 1:
            _refuse(f"{about}: the id stands {names[rule.id]} times; give each rule its own")
        for slip in _slips(rule, record):
            _refuse(f"{about}: {slip}")
        _check_names(f"{about}: when", rule.when, "", known)
        _check_names(f"{about}: where", rule.where, f"{rule.array}/*", known)
    for foreign_key in keywords.foreign_keys:
        about = f"Schema {schema}: reference {_name(foreign_key)} of {resource}: where"
        _check_names(about, foreign_key.where, "", known)


def _check_places(about: str, resource: str, record: Subschema, known: frozenset[str]) -> None:
    """Refuse keys and rules that stand on an array inside the records, where nobody would look at them."""
    for path in sorted(known):
        if f"{path}/*" not in known and not path.endswith("/*"):
            continue
        inside = at_path(record, path)
        found = [keyword for keyword in X_KEYWORDS if inside and keyword in inside.node]
        if found:
            example = f"{path.removesuffix('/*')}/*/id"
            _refuse(
                f"{about}: {found[0]} stands on {shown(path)} inside the records of {resource}; it belongs "
                f"on the records themselves, with paths such as {shown(example)}"
            )


def _name(foreign_key: ForeignKey) -> str:
    return ", ".join(foreign_key.fields)


def _refuse(message: str) -> None:
    said = f"{message.rstrip('.')}." if not message.endswith("?") else message
    raise SchemaError(said)


def _slips(rule: Rule, record: Subschema) -> Iterator[str]:
    """Yield what makes a rule impossible to judge; the first is worth saying, others may follow from it."""
    yield from _slips_of_arrays(rule)
    sorts = {path: sort_at(record, path) for path in rule.every_path()}
    if rule.operator == "sum":
        yield from _others(rule.paths, sorts, {Sort.NUMBER}, "adds up numbers")
    if rule.operator in ("sum", "count"):
        yield from _slips_of_limit(rule, sorts)
    elif rule.operator != "exists":
        yield from _others([*sorts], sorts, PLAIN, "compares single values")
    if rule.operator in _ORDERED:
        yield from _others([*sorts], sorts, PLAIN - {Sort.TRUTH}, "asks which comes first")
    if rule.operator in ("order", "same", "between", "in"):
        yield from _slips_of_pairs(rule, sorts)
    if rule.operator in ("between", "in"):
        yield from _slips_of_values(rule, sorts[rule.paths[0]])


def _others(
    paths: Iterable[str], sorts: Mapping[str, Sort], wanted: Iterable[Sort], does: str
) -> Iterator[str]:
    for path in paths:
        if sorts[path] not in {*wanted, Sort.ANY}:
            inside = f"; did you mean {shown(f'{path}/*')}?" if sorts[path] is Sort.ARRAY else ""
            yield f"it {does}, and {shown(path)} is {sorts[path].value}{inside}"


# --- arrays ------------------------------------------------------------------------------------------


def _slips_of_arrays(rule: Rule) -> Iterator[str]:
    arrays = [arrays_of(path) for path in rule.paths]
    if (rule.operator in _MANY or (rule.operator == "order" and len(rule.paths) == 1)) and not arrays[0]:
        guess = f"; did you mean {shown(f'{rule.paths[0]}/*')}?" if rule.operator == "count" else ""
        yield f"{rule.operator} needs the items of an array, a path with a star{guess}"
    if rule.where and len({each[-1] for each in arrays if each}) != 1:
        several = any(arrays)
        yield (
            "where needs one array whose items it chooses from, and the paths lead through several"
            if several
            else "where needs an array whose items it chooses from, and no path has a star"
        )
    if rule.operator == "order":
        for one, other in pairwise(sorted(arrays, key=len)):
            if other[: len(one)] != one:
                yield (
                    f"order compares the values of one item, and the items of {one[-1]} and {other[-1]} "
                    "are not the same"
                )
    for operand in _operands(rule):
        inside = arrays_of(operand.path)
        if arrays[0][: len(inside)] != inside:
            yield (
                f"{shown(operand.path)} is several values, and one is needed to compare with; "
                "its arrays can only be those that the compared values lie in"
            )


def _operands(rule: Rule) -> list[Operand]:
    return [each for each in (rule.limit, rule.low, rule.high) if each]


# --- what is compared with what ----------------------------------------------------------------------


def _slips_of_limit(rule: Rule, sorts: Mapping[str, Sort]) -> Iterator[str]:
    for operand in _operands(rule):
        if operand.path:
            yield from _others([operand.path], sorts, {Sort.NUMBER}, "compares with a number")
        elif not isinstance(operand.value, Decimal):
            yield f"it compares with a number, and {shown(operand.value)} is text"


def _slips_of_pairs(rule: Rule, sorts: Mapping[str, Sort]) -> Iterator[str]:
    """Yield what is compared with what it can never be compared with."""
    first = rule.paths[0]
    for path in sorts:
        if Sort.ANY not in (sorts[first], sorts[path]) and sorts[first] != sorts[path]:
            yield (
                f"{shown(first)} is {sorts[first].value} and {shown(path)} is {sorts[path].value}; "
                "they cannot be compared"
            )


def _slips_of_values(rule: Rule, sort: Sort) -> Iterator[str]:
    """Yield the values of the rule itself that the compared ones can never be equal to, or lie between."""
    fixed = [each.value for each in _operands(rule) if not each.path]
    if not isinstance(rule.values, str):
        fixed += rule.values
    for value in fixed:
        if value is None or isinstance(value, dict | list):
            yield f"{shown(str(value))} is no single value to compare with"
        elif sort_of_value(value) not in _WRITTEN.get(sort, (sort,)) and sort is not Sort.ANY:
            yield f"{shown(rule.paths[0])} is {sort.value}, and the rule compares it with {shown(value)}"
        elif sort is Sort.TIME and not _is_time(str(value)):
            yield f"{shown(rule.paths[0])} is {sort.value}, and {shown(value)} is none (write 2017-12-31)"
    yield from _slips_of_range(rule)


def _is_time(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return "-" in text


def _slips_of_range(rule: Rule) -> Iterator[str]:
    low, high = rule.low, rule.high
    if low is None or high is None or low.path or high.path or type(low.value) is not type(high.value):
        return
    if low.value > high.value:  # type: ignore[operator]  # two numbers or two texts
        yield f"from {shown(low.value)} to {shown(high.value)} nothing lies"


_WRITTEN: Final = {Sort.TIME: (Sort.TEXT,)}
"""How values of a sort are written in a rule, where that differs."""

# --- conditions --------------------------------------------------------------------------------------

_SEVERAL: Final = ("allOf", "anyOf", "oneOf")
_ONE: Final = ("not", "if", "then", "else")


def _check_names(about: str, condition: Any, prefix: str, known: frozenset[str]) -> None:
    """Refuse a condition that names a field which the schema does not describe: it is a slip of the pen."""
    for path in _named(condition, prefix):
        if path not in known:
            beside = [each.removeprefix(f"{prefix}/") for each in known if each.startswith(prefix)]
            name = path.removeprefix(f"{prefix}/") if prefix else path
            _refuse(
                f"{about} names {shown(name)}, which the schema does not describe{did_you_mean(name, beside)}"
            )


def _named(condition: Any, path: str) -> Iterator[str]:
    """Yield the paths of all fields that a condition names."""
    if not isinstance(condition, Mapping):
        return
    for name in _names(condition):
        yield f"{path}/{name}" if path else name
    for name, inside in condition.get("properties", {}).items():
        yield from _named(inside, f"{path}/{name}" if path else name)
    for keyword in ("items", "contains"):
        yield from _named(condition.get(keyword), f"{path}/*")
    for inside in _beside(condition):
        yield from _named(inside, path)


def _names(condition: Mapping[str, Any]) -> Sequence[str]:
    return [*condition.get("properties", {}), *condition.get("required", [])]


def _beside(condition: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the conditions about the same value."""
    for keyword in _SEVERAL:
        yield from condition.get(keyword, [])
    for keyword in _ONE:
        yield condition.get(keyword)
