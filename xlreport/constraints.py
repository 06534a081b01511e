"""Turn the JSON Schema of one value into what it asks of it: limits, lengths, allowed values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from xlreport.subschemas import Subschema

__all__ = ["ANYTHING", "Constraints", "constraints_of", "needed_in", "subschema_at"]

_NUMBERS: Final = (int, float, Decimal)


@dataclass(frozen=True, slots=True)
class Constraints:
    """What holds for a value for certain; what only a branch of ``anyOf`` asks for is not in here."""

    types: frozenset[str] = frozenset()
    """JSON types, less null; empty where the schema does not say."""
    format: str = ""
    values: tuple[Any, ...] = ()
    """The allowed values, less null; empty where any is allowed."""
    minimum: Decimal | None = None
    above: Decimal | None = None
    """The exclusive minimum."""
    maximum: Decimal | None = None
    below: Decimal | None = None
    multiple_of: Decimal | None = None
    min_length: int = 0
    """In characters; of the items, for an array of plain values."""
    max_length: int | None = None
    patterns: tuple[str, ...] = ()
    message: str = ""
    """The schema's own sentence for a value that does not fit the pattern."""
    example: Any = None


ANYTHING: Final = Constraints()


def constraints_of(schema: Subschema) -> Constraints:
    """Return what a schema, with what it refers to, asks of a value."""
    views = list(schema.views(certain=True))
    minimum, above = _lower(views)
    maximum, below = _upper(views)
    lengths = [length for view in views if isinstance(length := view.node.get("maxLength"), int)]
    return Constraints(
        types=schema.types(),
        format=schema.text("format"),
        values=_values(views),
        minimum=minimum,
        above=above,
        maximum=maximum,
        below=below,
        multiple_of=next(_numbers(views, "multipleOf"), None),
        min_length=max((int(length) for length in _numbers(views, "minLength")), default=0),
        max_length=min(lengths, default=None),
        patterns=tuple(
            dict.fromkeys(view.node["pattern"] for view in views if isinstance(view.node.get("pattern"), str))
        ),
        message=next(filter(None, map(_message, views)), ""),
        example=next((found for view in views if (found := _example(view.node)) is not None), None),
    )


def subschema_at(record: Subschema, path: str) -> Subschema | None:
    """Return the schema of the value at a path of a record: ``milestones/*/dueDate``; None where none is."""
    found: Subschema | None = record
    for step in path.split("/"):
        if found is None:
            return None
        found = found.items() if step == "*" else found.properties().get(step)
    return found


def needed_in(record: Subschema, path: str, row: str) -> str | None:
    """Return the path of what makes the value at ``path`` necessary, once there is anything in it.

    That is ``row``, the path of the rows of its table (``milestones/*``, or nothing), where every row needs
    the value; an object in the row, where the object needs it and may be absent; None where nothing does.
    """
    steps = path.split("/")
    above = len(row.split("/")) if row else 0
    need: str | None = None
    for depth in range(len(steps), above, -1):
        parent = "/".join(steps[: depth - 1])
        holder = subschema_at(record, parent) if parent else record
        if holder is None or steps[depth - 1] not in holder.required():
            return need
        need = parent
    return need


def _values(views: list[Subschema]) -> tuple[Any, ...]:
    lists = [
        view.node["enum"] if isinstance(view.node.get("enum"), list) else [view.node["const"]]
        for view in views
        if isinstance(view.node.get("enum"), list) or "const" in view.node
    ]
    if not lists:
        return ()
    first, *others = lists
    return tuple(value for value in first if value is not None and all(value in other for other in others))


def _numbers(views: list[Subschema], keyword: str) -> Iterator[Decimal]:
    for view in views:
        value = view.node.get(keyword)
        if isinstance(value, _NUMBERS) and not isinstance(value, bool):
            yield Decimal(str(value))


def _lower(views: list[Subschema]) -> tuple[Decimal | None, Decimal | None]:
    """Return minimum and exclusive minimum; draft 4 marks a minimum as exclusive by a truth value."""
    included, excluded = _split(views, "minimum", "exclusiveMinimum")
    return max(included, default=None), max(excluded, default=None)


def _upper(views: list[Subschema]) -> tuple[Decimal | None, Decimal | None]:
    included, excluded = _split(views, "maximum", "exclusiveMaximum")
    return min(included, default=None), min(excluded, default=None)


def _split(views: list[Subschema], keyword: str, exclusive: str) -> tuple[list[Decimal], list[Decimal]]:
    included: list[Decimal] = []
    excluded = list(_numbers(views, exclusive))
    for view in views:
        kept = excluded if view.node.get(exclusive) is True else included
        kept += _numbers([view], keyword)
    return included, excluded


def _message(view: Subschema) -> str:
    declared = view.node.get("x-message", "")
    said = declared.get("pattern", "") if isinstance(declared, Mapping) else declared
    return said if isinstance(said, str) else ""


def _example(node: Mapping[str, Any]) -> object:
    examples = node.get("examples")
    return examples[0] if isinstance(examples, list) and examples else None
