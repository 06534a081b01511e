"""Turn the mapping of a dataset file into targets: which value of the source goes where in the record.

A mapping is compiled once for each file, into small functions; no value passes through a decision that
was settled by the mapping.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from xlreport.sources.description import Notation
from xlreport.sources.items import Cell, Json
from xlreport.sources.nesting import Extract, Target, field_path, path_steps, record_builder
from xlreport.sources.values import in_words, reader
from xlreport.sources.whole_columns import FromColumn, one_by_one, whole_reader
from xlreport.tables import Field, Kind

__all__ = ["NoColumnError", "Scope", "Spec", "member", "sources_of", "targets_of"]

Spec = Any
"""Where a value comes from, in the words of the dataset file: a text, or a dict."""

_ITSELF: Final = "."
"""Names the source value itself: an item of an array of texts."""
_SEPARATOR: Final = "-"


class NoColumnError(LookupError):
    """The source has no column of that name."""

    def __init__(self, name: str) -> None:
        """Carry the ``name``."""
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Scope:
    """What a mapping is compiled against."""

    get: Callable[[str], Extract]
    """Name of a column, or path in a source record -> how it is got; NoColumnError where there is none."""
    fields: Mapping[str, Field]
    notation: Notation
    prefix: str = ""
    """Path of the array that is being filled, with its star: ``contributors/*/``."""

    def field(self, path: str) -> Field | None:
        """Return the field that a target path fills, or None where the schema names none."""
        known = self.prefix + field_path(path_steps(path))
        return self.fields.get(known) or self.fields.get(f"{known}/*")


def targets_of(mapping: Mapping[str, Spec], scope: Scope) -> tuple[list[Target], list[tuple[str, str]]]:
    """Return the targets of a mapping, and (target path, column) of those whose source has no such column."""
    targets, lacking = [], []
    for path, spec in mapping.items():
        try:
            targets.append(_target(path, spec, scope))
        except NoColumnError as error:
            lacking.append((path, error.name))
    return targets, lacking


def sources_of(spec: Spec) -> Iterator[str]:
    """Iterate over the columns or paths that a value is drawn from, in the order in which they are named."""
    match spec:
        case str():
            yield spec
        case {"from": drawn} | {"join": drawn} | {"each": drawn}:
            for inner in drawn if isinstance(drawn, list) else [drawn]:
                yield from sources_of(inner)


def member(path: str) -> Extract:
    """Return the function that gets ``buyer.name``, ``buyer/name`` or ``items/0/id`` out of a JSON record."""
    if path == _ITSELF:
        return lambda record: record
    steps = [step for step in re.split(r"[./]", path.removeprefix("$.")) if step]
    if len(steps) == 1:
        return lambda record: record.get(path) if isinstance(record, dict) else None

    def get(record: Cell) -> Json:
        if isinstance(record, dict) and path in record:
            return record[path]
        node = record
        for step in steps:
            node = _child(node, step)
        return node

    return get


def _child(node: Cell, step: str) -> Json:
    if isinstance(node, dict):
        return node.get(step)
    if isinstance(node, list) and step.isdecimal() and int(step) < len(node):
        return node[int(step)]
    return None


def _target(path: str, spec: Spec, scope: Scope) -> Target:
    steps = path_steps(path)
    if isinstance(spec, Mapping) and "constant" in spec:
        return Target(steps, fallback=spec["constant"])
    fallback = spec.get("default") if isinstance(spec, Mapping) else None
    return Target(steps, _value(spec, scope, path), fallback)


def _value(spec: Spec, scope: Scope, path: str) -> Extract:
    """Return the function that gets, cleans and converts the value at ``path``."""
    if isinstance(spec, Mapping) and "mapping" in spec:
        return _items(spec, scope, path)
    field = scope.field(path)
    options: Mapping[str, Spec] = spec if isinstance(spec, Mapping) else {}
    kind, notation = _kind(field, options), _notation(options, scope.notation)
    trim, named = options.get("trim", True), options.get("values")
    repeated = "split" in options or (field is not None and field.repeated and not _is_position(path))
    read = reader(kind, notation, trim=trim, repeated=repeated, named=named)
    get = _raw(spec, scope)
    if isinstance(get, FromColumn):
        plain = trim and not repeated and named is None
        return FromColumn(
            get.position, read, whole_reader(kind, notation, read) if plain else one_by_one(read)
        )
    return lambda source: read(get(source))


def _is_position(path: str) -> bool:
    return isinstance(path_steps(path)[-1], int)


def _kind(field: Field | None, options: Mapping[str, Spec]) -> Kind | None:
    kind = field.kind if field else None
    if "format" in options and kind not in (Kind.DATE, Kind.DATETIME):
        return Kind.DATE
    if ("decimalChar" in options or "groupChar" in options) and kind in (None, Kind.TEXT):
        return Kind.DECIMAL
    return kind


def _notation(options: Mapping[str, Spec], notation: Notation) -> Notation:
    formats = options.get("format", notation.date_formats)
    return replace(
        notation,
        date_formats=(formats,) if isinstance(formats, str) else tuple(formats),
        decimal_char=options.get("decimalChar", notation.decimal_char),
        group_char=options.get("groupChar", notation.group_char),
        separator=options.get("split", notation.separator),
        missing=(*notation.missing, *options.get("missing", ())),
    )


def _raw(spec: Spec, scope: Scope) -> Extract:
    """Return the function that gets the value as the source has it."""
    match spec:
        case str():
            return scope.get(spec)
        case {"join": names}:
            return _joined([_part(name, spec, scope) for name in names], spec.get("separator", _SEPARATOR))
        case {"from": list(names)}:
            return _first(_available(names, spec, scope))
    return scope.get(spec["from"])


def _part(name: Spec, whole: Mapping[str, Spec], scope: Scope) -> Extract:
    """Return the function that gets a part of a joined text, or one of several values to choose from.

    What the ``whole`` says about missing values and blanks holds for its parts too.
    """
    if isinstance(name, str):
        name = {"from": name, **{option: whole[option] for option in ("missing", "trim") if option in whole}}
    return _plain(name, scope)


def _plain(spec: Spec, scope: Scope) -> Extract:
    """Return the function that gets a value that belongs to no field of its own."""
    if isinstance(spec, Mapping) and "constant" in spec:
        constant = spec["constant"]
        return lambda _: constant
    get = _value(spec, replace(scope, fields={}, prefix=""), "")
    default = spec.get("default") if isinstance(spec, Mapping) else None
    if default is None:
        return get
    return lambda source: default if (value := get(source)) is None else value


def _joined(parts: Sequence[Extract], separator: str) -> Extract:
    def get(source: Cell) -> str | None:
        values = [part(source) for part in parts]
        return None if None in values else separator.join(map(in_words, values))

    return get


def _available(names: Sequence[Spec], whole: Mapping[str, Spec], scope: Scope) -> list[Extract]:
    """Return how to get each of the sources that exist; NoColumnError where none of them does."""
    found, lacking = [], []
    for name in names:
        try:
            found.append(_part(name, whole, scope))
        except NoColumnError as error:
            lacking.append(error)
    if not found:
        raise lacking[0]
    return found


def _first(extracts: Sequence[Extract]) -> Extract:
    """Return the function that gives the first value that is there and is no object."""

    def get(source: Cell) -> Json:
        for extract in extracts:
            value = extract(source)
            if value is not None and not isinstance(value, dict):
                return value
        return None

    return get


def _items(spec: Mapping[str, Spec], scope: Scope, path: str) -> Extract:
    """Return the function that makes one item of each item of a source array."""
    get = _plain(spec["each"], scope)
    inside = Scope(member, scope.fields, scope.notation, f"{scope.prefix}{field_path(path_steps(path))}/*/")
    targets, _ = targets_of(spec["mapping"], inside)
    build = record_builder(targets)

    def items(source: Cell) -> list[Json] | None:
        array = get(source)
        if array is None:
            return None
        built = [build(item, {})[0] for item in (array if isinstance(array, list) else [array])]
        return [item for item in built if item] or None

    return items
