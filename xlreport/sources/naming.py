"""Turn headings into the paths of the fields that they mean: by path, by title, or by both in a loose hand.

``value/amount``, ``Amount``, ``Value: Amount`` and ``VALUE / amount`` mean the same field. What is neither
a path nor a title as the schema has it is understood all the same where only one field can be meant, and
said, so that no heading becomes something else in silence.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from xlreport.child_sheets import Key, squashed
from xlreport.sources.nesting import field_path, path_steps
from xlreport.tables import Field

__all__ = ["Meaning", "Naming", "child_naming", "naming_of"]

_BETWEEN: Final = re.compile(r"\s*[:>\u203a\u2192|]\s*")
"""What may stand between the title of an object and that of its member."""


class Meaning(NamedTuple):
    """What a heading means."""

    paths: Sequence[str]
    """The path that it stands for, none, or several."""
    loosely: bool = False
    """Whether it is neither a path nor a title as they are."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What the headings of a sheet can mean."""

    fields: Mapping[str, Field]
    """Of the record, by path."""
    exact: Mapping[str, Sequence[str]]
    """Heading without regard to case -> paths."""
    loose: Mapping[str, Sequence[str]]
    """Heading without regard to case, blanks and signs -> paths."""
    required: Mapping[str, Field]
    """Path -> field that every row must have."""
    array: str = ""
    """Path of the array whose items the rows are; empty where they are records."""
    keys: tuple[Key, ...] = ()
    """The columns by which a row of a child sheet names what it is a part of."""

    def meaning(self, text: str, taken: Collection[str] = (), *, nested: bool = False) -> Meaning:
        """Return what a heading means; a key that has a column among ``taken`` already is meant no more.

        Where cells can hold ``nested`` values (in DataFrames), a path may also end above the fields.
        """
        if not text:
            return Meaning(())
        key = next((found for key in self.keys if (found := key.names.get(squashed(text)))), "")
        if key and key not in taken:
            return Meaning((key,))
        path = self._as_path(text, nested=nested)
        if path:
            return Meaning((path,))
        plain = _BETWEEN.sub(":", text.casefold())
        if plain in self.exact:
            return Meaning(self.exact[plain])
        return Meaning(self.loose.get(squashed(text), ()), loosely=True)

    def _as_path(self, text: str, *, nested: bool) -> str:
        """Return the path that a heading is, word by word, or nothing."""
        known = field_path(path_steps(text))
        if not self.fields:
            return f"{_at_first(self.array)}/0/{text}" if self.array and "*" not in known else text
        inside = f"{self.array}/*/{known}" if self.array else known
        if self._is_known(inside, nested=nested):
            return f"{_at_first(self.array)}/0/{text}" if self.array else text
        return text if "*" in known and self._is_known(known, nested=nested) else ""

    def _is_known(self, path: str, *, nested: bool) -> bool:
        if path in self.fields or f"{path}/*" in self.fields:
            return True
        return nested and any(other.startswith(f"{path}/") for other in self.fields)


def naming_of(fields: Mapping[str, Field]) -> Naming:
    """Return what the headings of records mean."""
    required = {path: known for path, known in fields.items() if known.required and "*" not in path}
    exact = (*_titles(fields, ""), *_titles_from_above(fields))
    return Naming(fields, _by_name(exact), _by_name(_loosely(fields, "")), required)


def child_naming(
    fields: Mapping[str, Field], array: str, keys: Sequence[Key], headings: Iterable[str]
) -> Naming:
    """Return what the ``headings`` of a child sheet mean, as paths from the record on.

    They name items of the ``array``; but where one of them says so from the record on, as in
    ``milestones/0/dueDate`` or ``Milestones: Due date``, they all do.
    """
    from_above = dict(_titles_from_above(fields))
    if not array or any(_is_from_above(text, fields, from_above) for text in headings):
        return replace(
            naming_of(fields), required=_required(fields, array) if array else {}, keys=tuple(keys)
        )
    exact, loose = _by_name(_titles(fields, array)), _by_name(_loosely(fields, array))
    return Naming(fields, exact, loose, _required(fields, array), array, tuple(keys))


def _is_from_above(text: str, fields: Mapping[str, Field], from_above: Collection[str]) -> bool:
    known = field_path(path_steps(text)) if text else ""
    named = "*" in known and (known in fields or f"{known}/*" in fields or not fields)
    return named or _BETWEEN.sub(":", text.casefold()) in from_above


def _required(fields: Mapping[str, Field], array: str) -> dict[str, Field]:
    inside = f"{array}/*/"
    return {
        _at_first(path): known
        for path, known in fields.items()
        if known.required and path.startswith(inside) and "*" not in path.removeprefix(inside)
    }


def _by_name(names: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, path in names:
        paths = found.setdefault(name, [])
        if path not in paths:
            paths.append(path)
    return found


def _own(fields: Mapping[str, Field], array: str) -> Iterator[tuple[str, str, Field]]:
    """Iterate over the fields of a row: the path inside it, the path of its value, and the field.

    Items of arrays of objects in it have no column of their own.
    """
    prefix = f"{array}/*/" if array else ""
    for path, known in fields.items():
        inside = path.removeprefix(prefix).removesuffix("/*")
        if path.startswith(prefix) and "*" not in inside:
            yield inside, _at_first(path), known


def _titles(fields: Mapping[str, Field], array: str) -> Iterator[tuple[str, str]]:
    """Iterate over what a field is called as it stands in the schema: its title, and those before it."""
    for inside, path, known in _own(fields, array):
        yield _plain(known.title), path
        yield ":".join(_steps_in_words(known, inside)), path


def _titles_from_above(fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    """Iterate over the same for items of arrays, named from the record on: ``milestones:due date``."""
    for path, known in fields.items():
        steps = path.removesuffix("/*").split("/")
        if "*" not in steps or not known.titles:
            continue
        words = _steps_in_words(known, "/".join(steps))
        arrays = [_plain(known.titles[at - 1]) for at, step in enumerate(steps) if step == "*"]
        for name in (words, [*arrays, words[-1]], [*arrays, _plain(known.title)]):
            yield ":".join(name), _at_first(path)


def _loosely(fields: Mapping[str, Field], array: str) -> Iterator[tuple[str, str]]:
    for inside, path, known in _own(fields, array):
        words = _steps_in_words(known, inside)
        for name in (inside, inside.rpartition("/")[2], known.title, "".join(words), *words[-1:]):
            yield squashed(name), path


def _steps_in_words(known: Field, inside: str) -> list[str]:
    """Return the titles of the steps of a path, which is the end of the field's; a star has none."""
    steps = inside.split("/")
    along = known.path.removesuffix("/*").split("/")
    titles = known.titles[: len(along)][-len(steps) :] if known.titles else ()
    return [_plain(title) for step, title in zip(steps, titles, strict=False) if step != "*"]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _at_first(path: str) -> str:
    """Return a path whose arrays have one item: ``milestones/*/roles/*`` -> ``milestones/0/roles``."""
    return path.removesuffix("/*").replace("*", "0")
