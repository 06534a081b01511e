"""The slow way to judge a record by a rule, straight from the vocabulary; a witness for the quick one.

It knows nothing of the package: records and rules are plain JSON, numbers are fractions, a condition is
judged by jsonschema. It says of a rule and a record: held, failed or why it does not apply, and where
something is wrong.
"""

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from jsonschema import Draft202012Validator

Json = Any
Path = tuple[str | int, ...]
Spot = tuple[Path, Json]


def judged(rule: dict[str, Any], record: dict[str, Any]) -> tuple[str, set[Path]]:
    """Return the outcome, and the places of what is wrong."""
    if not fits(rule.get("when", {}), record):
        return "condition", set()
    operator = next(name for name in OPERATORS if name in rule)
    answers = list(OPERATORS[operator](rule, record))
    wrong = {answer for answer in answers if isinstance(answer, tuple)}
    if wrong:
        return "failed", wrong
    return next((each for each in ("held", "empty") if each in answers), "no-items"), set()


def fits(schema: dict[str, Any], value: Json) -> bool:
    return Draft202012Validator(schema).is_valid(value)


def spots(record: Json, path: str, rule: dict[str, Any] | None = None) -> list[Spot]:
    """Return every place that a path leads to, with its value; None where there is none."""
    where = (array_of(paths_of(rule)), rule["where"]) if rule and "where" in rule else ("", {})
    found: list[tuple[Path, str, Json]] = [((), "", record)]
    for step in path.split("/"):
        inside = []
        for place, plain, value in found:
            if step in ("*", "-1"):
                items = [
                    (at, item)
                    for at, item in enumerate(value if isinstance(value, list) else [])
                    if item is not None and (plain != where[0] or fits(where[1], item))
                ]
                items = items[-1:] if step == "-1" else items
                inside += [((*place, at), f"{plain}/{step}", item) for at, item in items]
            else:
                member = value.get(step) if isinstance(value, dict) else None
                inside.append(((*place, step), f"{plain}/{step}".lstrip("/"), member))
        found = inside
    return [(place, None if value in (None, "", [], {}) else value) for place, _, value in found]


def paths_of(rule: dict[str, Any]) -> list[str]:
    looked_at = rule[next(name for name in OPERATORS if name in rule)]
    return [looked_at] if isinstance(looked_at, str) else looked_at


def array_of(paths: Iterable[str]) -> str:
    """Return the innermost array that paths lead through."""
    return max(
        (path.rpartition("/*")[0] for path in paths), key=lambda array: (array != "", array.count("/"))
    )


def index(path: str, place: Path) -> dict[str, int]:
    """Return, for each array that a path leads through, which of its items a place is in."""
    steps = path.split("/")
    return {
        "/".join(steps[:at]): int(part)
        for at, (step, part) in enumerate(zip(steps, place, strict=True))
        if step == "*"
    }


def together(one: dict[str, int], other: dict[str, int]) -> bool:
    """Tell whether two places are in the same item of every array that both are in."""
    return all(one[array] == other[array] for array in one.keys() & other.keys())


MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T.*")


def comparable(value: Json) -> Any:
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return "moment", dt.datetime.fromisoformat(value)
    if isinstance(value, bool | str):
        return type(value).__name__, value
    return "number", Fraction(value)


def operand(record: Json, declared: Any, of: dict[str, int]) -> Spot:
    """Return the place and value of a limit that belongs to an item; a fixed value has no place."""
    if isinstance(declared, dict):
        return (), declared["value"]
    found = [spot for spot in spots(record, declared) if together(index(declared, spot[0]), of)]
    return found[0] if found else ((), None)


def limits(rule: dict[str, Any]) -> tuple[str, Any]:
    name = next(name for name in ("equals", "atMost", "atLeast") if name in rule)
    return name, rule[name]


def is_off(name: str, value: Fraction, limit: Fraction, tolerance: Fraction) -> bool:
    high, low = value - limit > tolerance, limit - value > tolerance
    return {"equals": high or low, "atMost": high, "atLeast": low}[name]


def items_of(rule: dict[str, Any], record: Json, path: str) -> Iterator[dict[str, int]]:
    """Yield the items of the innermost array of a path; of a path without, the record itself."""
    if "*" not in path.split("/"):
        yield {}
        return
    array = f"{path.rpartition('/*')[0]}/*"
    for place, _ in spots(record, array, rule):
        yield index(array, place)


def sums(rule: dict[str, Any], record: Json) -> Iterator[Any]:
    name, limit = limits(rule)
    for of in items_of(rule, record, limit if isinstance(limit, str) else ""):
        (path,) = paths_of(rule)
        found = [spot for spot in spots(record, path, rule) if together(index(path, spot[0]), of)]
        values = [spot for spot in found if spot[1] is not None]
        at, allowed = operand(record, limit, of)
        if not found:
            yield "no-items"
        elif not values or allowed is None:
            yield "empty"
        else:
            total = sum(Fraction(value) for _, value in values)
            off = is_off(name, total, Fraction(allowed), Fraction(rule.get("tolerance", 0)))
            yield ((at if "*" in path else ()) or values[0][0]) if off else "held"


def counts(rule: dict[str, Any], record: Json) -> Iterator[Any]:
    name, limit = limits(rule)
    (path,) = paths_of(rule)
    for of in items_of(rule, record, limit if isinstance(limit, str) else ""):
        at, allowed = operand(record, limit, of)
        found = [place for place, value in counted(rule, record, path) if together(index(path, place), of)]
        if allowed is None:
            yield "empty"
        elif is_off(name, Fraction(len(found)), Fraction(allowed), Fraction(0)):
            yield at or tuple(itertools.takewhile(lambda step: step != "*", path.split("/")))
        else:
            yield "held"


def counted(rule: dict[str, Any], record: Json, path: str) -> list[Spot]:
    """Return the values, or the items of an array, whatever is in them."""
    if not path.endswith("/*"):
        return [spot for spot in spots(record, path, rule) if spot[1] is not None]
    items = spots(record, path, rule)
    return [spot for spot in items if spot[1] is not None or isinstance(raw(record, spot[0]), dict)]


def raw(record: Json, place: Path) -> Json:
    for step in place:
        record = record[step]
    return record


def order(rule: dict[str, Any], record: Json) -> Iterator[Any]:
    paths = paths_of(rule)
    if len(paths) == 1:
        found = spots(record, paths[0], rule)
        yield from chain(found) if found else ("no-items",)
        return
    for of in items_of(rule, record, max(paths, key=lambda path: path.count("*"))):
        yield from chain(
            [
                spot
                for path in paths
                for spot in spots(record, path, rule)
                if together(index(path, spot[0]), of)
            ]
        )


def chain(found: list[Spot]) -> Iterator[Any]:
    values = [spot for spot in found if spot[1] is not None]
    if len(values) < 2:
        yield "empty"
    for (_, before), (place, value) in itertools.pairwise(values):
        yield place if comparable(value) < comparable(before) else "held"


def same(rule: dict[str, Any], record: Json) -> Iterator[Any]:
    paths = paths_of(rule)
    shared = [] if len(paths) == 1 else common(paths)
    for of in items_of(rule, record, f"{shared[-1]}/*" if shared else ""):
        found = [
            (path, spot)
            for path in paths
            for spot in spots(record, path, rule)
            if together({array: index(path, spot[0])[array] for array in shared}, of)
        ]
        values = [spot for _, spot in found if spot[1] is not None]
        many = [path for path in paths if {"*", "-1"} & set(path.split("/"))]
        if len(values) < 2:
            yield "no-items" if many and not any(path in many for path, _ in found) else "empty"
        for place, value in values[1:]:
            yield "held" if comparable(value) == comparable(values[0][1]) else place


def common(paths: list[str]) -> list[str]:
    """Return the arrays that all paths lead through, outermost first."""
    arrays = [
        ["/".join(path.split("/")[:at]) for at, step in enumerate(path.split("/")) if step == "*"]
        for path in paths
    ]
    return [
        one[0] for one in itertools.takewhile(lambda level: len(set(level)) == 1, zip(*arrays, strict=False))
    ]


def exists(rule: dict[str, Any], record: Json) -> Iterator[Any]:
    for place, value in spots(record, *paths_of(rule), rule):
        yield place if value is None else "held"


def between(rule: dict[str, Any], record: Json) -> Iterator[Any]:
    (path,) = paths_of(rule)
    for place, value in spots(record, path, rule):
        if value is None:
            yield "empty"
            continue
        for name in ("from", "to"):
            limit = operand(record, rule[name], index(path, place))[1] if name in rule else None
            if limit is None:
                yield "empty"
            elif (name == "from" and comparable(value) < comparable(limit)) or (
                name == "to" and comparable(value) > comparable(limit)
            ):
                yield place
            else:
                yield "held"


def unique(rule: dict[str, Any], record: Json) -> Iterator[Any]:
    seen: set[Any] = set()
    for place, value in spots(record, *paths_of(rule), rule):
        if value is None:
            yield "empty"
        else:
            yield place if comparable(value) in seen else "held"
            seen.add(comparable(value))


def listed(rule: dict[str, Any], record: Json) -> Iterator[Any]:
    (path,) = paths_of(rule)
    values = rule["values"]
    for place, value in spots(record, path, rule):
        if value is None:
            yield "empty"
            continue
        known = values if isinstance(values, list) else allowed_for(record, path, place, values)
        if not known:
            yield "empty"
        else:
            yield "held" if comparable(value) in map(comparable, known) else place


def allowed_for(record: Json, path: str, place: Path, values: str) -> list[Json]:
    """Return the values of the list that goes with an item: those within it where the list lies deeper."""
    shared = common([path, values])
    deeper = "*" in values.removeprefix(f"{shared[-1]}/*" if shared else "")
    bound = shared if deeper else shared[:-1]
    of = {array: index(path, place)[array] for array in bound}
    return [
        value
        for spot, value in spots(record, values)
        if value is not None and together({array: index(values, spot)[array] for array in bound}, of)
    ]


OPERATORS = {
    "sum": sums,
    "count": counts,
    "order": order,
    "same": same,
    "exists": exists,
    "between": between,
    "unique": unique,
    "in": listed,
}
