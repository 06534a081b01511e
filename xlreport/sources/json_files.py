"""Turn JSON and NDJSON files into records.

A JSON file is an array of records, an object that holds arrays of records, or one record. Elements of an
array are kept as text until their turn comes, so that a long array never stands in memory as values.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from xlreport.sentences import Name
from xlreport.sources import json_problems
from xlreport.sources.description import Part
from xlreport.sources.exact_json import (
    BrokenJsonError,
    Flaw,
    TooDeepError,
    decode,
    each_once,
    elements,
    is_ordinary,
    members,
    starts_with,
)
from xlreport.sources.files import utf8_bytes, utf8_lines
from xlreport.sources.guard import guard
from xlreport.sources.items import Item, UnreadableError

__all__ = ["arrays_in", "json_items", "line_item", "ndjson_items", "pointer_steps"]

_IDENTIFIERS: Final = ("id", "ocid")
"""An object that has one of these is itself a record, whatever arrays it holds."""
Node = Any
"""A piece of a document: still as text (bytes, Raw), or a value where the text had to be read as a whole."""


@dataclass(frozen=True, slots=True)
class _Document:
    """A JSON file that is sound, so far as its brackets tell."""

    root: Node
    """Its text; its value, where it had to be read as a whole to see what is wrong."""
    flaws: tuple[Flaw, ...] = ()
    """Of the value."""


def json_items(part: Part, name: str) -> Iterator[Item]:
    """Iterate over the records of a JSON file; ``row`` is the position in the array, from 1.

    The array is the one that the part's pointer names. Without a pointer it is the whole document, or the
    member that is called as the resource (``name``) is, or the only member that holds records; an object
    without such a member is itself the one record.
    """
    document = _open(part)
    known = part.pointer is not None
    steps = _steps(document.root, part.pointer or "") if known else _steps_to_records(document.root, name)
    node = _follow(document.root, steps, part)
    outside, inside = _flaws_around(document.flaws, steps)
    if outside:
        yield Item(0, None, tuple(json_problems.flaw(part, None, flaw) for flaw in outside))
    array = _as_array(node)
    if array == []:
        yield Item(0, None, (json_problems.no_records(part),))
    flaws = {0: inside} if array is None else _by_position(inside)
    for position, element in enumerate([node] if array is None else array):
        try:
            yield _item(part, position + 1, element, flaws.get(position, ()))
        except BrokenJsonError as error:  # its line counts from the element; the file knows its own
            _read_whole(part, utf8_bytes(part))
            raise UnreadableError(json_problems.broken(part, error)) from error


def ndjson_items(part: Part) -> Iterator[Item]:
    """Iterate over the records of a file with one JSON object in each line; ``row`` is the line.

    A line that cannot be read is an error of its own; the lines after it are read all the same. A file
    without a line is a register without a record, as an empty array is.
    """
    guard(part)
    blank = True
    for row, line in enumerate(utf8_lines(part), 1):
        if line.strip():
            blank = False
            yield line_item(part, row, line)
    if blank:
        yield Item(0, None, (json_problems.no_records(part),))


def line_item(part: Part, row: int, line: bytes) -> Item:
    """Return the record in a line, or what is wrong with it."""
    try:
        return _item(part, row, line, ())
    except BrokenJsonError as error:
        return Item(row, None, (json_problems.broken(part, error, row),))


def arrays_in(part: Part) -> tuple[str, ...] | None:
    """Return the pointers of the arrays of records in a JSON file: ``""`` for the whole document.

    None where the file is itself one record. Raise UnreadableError where it cannot be read.
    """
    root = _open(part).root
    if _as_array(root) is not None:
        return ("",)
    names = _arrays_of_records(_as_object(root) or {})
    return names or None


def pointer_steps(pointer: str) -> tuple[str, ...]:
    """Return the steps of ``result/items``, ``result.items`` or ``$.result.items``."""
    return tuple(step for step in pointer.removeprefix("$").replace(".", "/").split("/") if step)


def _open(part: Part) -> _Document:
    guard(part)
    text = utf8_bytes(part)
    if not text.strip():
        raise UnreadableError(json_problems.empty_file(part, Name("JSON")))
    return _Document(text) if _is_sound(text) else _Document(*_read_whole(part, text))


def _is_sound(text: bytes) -> bool:
    """Tell whether the elements or members of a document can be told apart, and no member is given twice."""
    try:
        if starts_with(text, b"["):
            elements(text)
            return True
        return each_once(text, members(text))
    except (ValueError, RecursionError):
        return False


def _read_whole(part: Part, text: bytes) -> tuple[Node, tuple[Flaw, ...]]:
    try:
        return decode(text)
    except BrokenJsonError as error:
        raise UnreadableError(json_problems.broken(part, error)) from error
    except TooDeepError as error:
        raise UnreadableError(json_problems.too_deep(part, None)) from error


def _as_object(node: Node) -> dict[str, Node] | None:
    if isinstance(node, dict):
        return node
    if isinstance(node, bytes | msgspec.Raw) and starts_with(node, b"{"):
        return dict(members(node))
    return None


def _as_array(node: Node) -> list[Node] | None:
    if isinstance(node, list):
        return node
    if isinstance(node, bytes | msgspec.Raw) and starts_with(node, b"["):
        return list(elements(node))
    return None


def _arrays_of_records(root: Mapping[str, Node]) -> tuple[str, ...]:
    if any(identifier in root for identifier in _IDENTIFIERS):
        return ()
    full = tuple(name for name, node in root.items() if _holds_objects(node))
    arrays = all(_is_array(node) for node in root.values())
    if arrays and (full or not any(map(_holds_anything, root.values()))):  # empty ones are tables too
        return tuple(root)
    return full


def _is_array(node: Node) -> bool:
    return isinstance(node, list) or (isinstance(node, msgspec.Raw) and starts_with(node, b"["))


def _holds_objects(node: Node) -> bool:
    if isinstance(node, list):
        return bool(node) and isinstance(node[0], dict)
    return isinstance(node, msgspec.Raw) and starts_with(node, b"[", b"{")


def _holds_anything(node: Node) -> bool:
    return bool(_as_array(node))


def _steps_to_records(root: Node, name: str) -> tuple[str, ...]:
    inside = _as_object(root)
    if inside is None:
        return ()
    if _is_array(inside.get(name)):
        return (name,)
    arrays = _arrays_of_records(inside)
    return arrays if len(arrays) == 1 else ()


def _steps(root: Node, pointer: str) -> tuple[str, ...]:
    inside = _as_object(root)
    return (pointer,) if inside and pointer in inside else pointer_steps(pointer)


def _follow(node: Node, steps: Sequence[str], part: Part) -> Node:
    for done, step in enumerate(steps):
        inside = _as_object(node)
        if inside is None:
            array = _as_array(node)
            inside = {} if array is None else {str(position): item for position, item in enumerate(array)}
        if step not in inside:
            raise UnreadableError(json_problems.missing_array(part, steps[: done + 1], tuple(inside)))
        node = inside[step]
    return node


def _flaws_around(flaws: Sequence[Flaw], steps: Sequence[str]) -> tuple[list[Flaw], tuple[Flaw, ...]]:
    """Return the flaws on the way to the records, and those inside, with their paths from there on."""
    depth = len(steps)
    outside = [flaw for flaw in flaws if len(flaw.path) < depth and flaw.path == steps[: len(flaw.path)]]
    inside = (flaw for flaw in flaws if flaw.path[:depth] == steps)
    return outside, tuple(Flaw(flaw.code, flaw.path[depth:], flaw.shown) for flaw in inside)


def _by_position(flaws: Sequence[Flaw]) -> dict[int, tuple[Flaw, ...]]:
    """Return the flaws in the elements of an array by position, with their paths in the element."""
    found: dict[int, tuple[Flaw, ...]] = {}
    for code, (position, *path), value in ((flaw.code, flaw.path, flaw.shown) for flaw in flaws):
        found[int(position)] = (*found.get(int(position), ()), Flaw(code, tuple(path), value))
    return found


def _item(part: Part, row: int, element: Node, flaws: tuple[Flaw, ...]) -> Item:
    value, ordinary = element, False
    if isinstance(element, bytes | msgspec.Raw):
        try:
            raw = bytes(element)
            ordinary = is_ordinary(raw)
            value, flaws = decode(raw, ordinary=ordinary)
        except TooDeepError:
            return Item(row, None, (json_problems.too_deep(part, row),))
        except UnicodeDecodeError as error:
            return Item(row, None, (json_problems.not_utf8(part, row, error),))
    if not isinstance(value, dict):
        return Item(row, None, (json_problems.not_a_record(part, row, value),))
    return Item(row, value, tuple(json_problems.flaw(part, row, flaw) for flaw in flaws), ordinary=ordinary)
