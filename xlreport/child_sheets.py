"""What the sheets of a dataset's spreadsheet form are called, and the columns that join them.

A resource has one main sheet, and one child sheet for each array of objects in it. The rows of a child
sheet name their record by its key, in a column such as ``Contract id``; where the array lies in another one,
they name the item of that one too, by its id or by its number. Who writes such a workbook and who reads one
both ask here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from xlreport.fields import in_words, owned_title
from xlreport.language import Language
from xlreport.tables import Outline

__all__ = ["NUMBER", "Key", "arrays_of", "child_keys", "child_names", "key_of", "said_in", "squashed"]

NUMBER: Final = "#"
"""Last step of a path, in place of a member: the number of an item among those of its array, from 1."""
_USUAL_KEY: Final = "id"


@dataclass(frozen=True, slots=True)
class Key:
    """A column of a child sheet by which its rows name their record, or an item of an array above them."""

    heading: str
    """What people call the column: ``Contract id``."""
    path: str
    """What it holds, from the record on: ``id``, ``milestones/0/id``, ``milestones/0/#``."""
    names: Mapping[str, str]
    """Every heading that such a column can have, squashed -> path: ``contractid`` -> ``id``."""


def said_in(outline: Outline, language: Language) -> Outline:
    """Return what a schema says about records, with the titles as they are in another language."""
    text = language.text
    fields = {
        path: replace(field, title=text(field.title), titles=tuple(map(text, field.titles)))
        for path, field in outline.fields.items()
    }
    return replace(outline, fields=fields, title=text(outline.title), record_title=text(outline.record_title))


def squashed(text: str) -> str:
    """Return a name by which alike ones are found: ``Due date`` and ``dueDate`` are both duedate."""
    return "".join(filter(str.isalnum, text.casefold()))


def arrays_of(outline: Outline) -> list[str]:
    """Return the paths of the arrays of objects in a record: ``milestones``, ``milestones/*/documents``."""
    found: dict[str, None] = {}
    for path in outline.fields:
        steps = path.removesuffix("/*").split("/")
        found.update({"/".join(steps[:at]): None for at, step in enumerate(steps) if step == "*"})
    return list(found)


def child_names(resource: str, outline: Outline, array: str) -> Iterator[str]:
    """Iterate over what the child sheet of an array can be called, the shortest name for people first."""
    titles = _array_titles(outline, array)
    yield titles[-1]
    yield f"{outline.title or resource} {titles[-1]}"
    yield " ".join(titles)
    yield f"{outline.title or resource} {' '.join(titles)}"
    path = array.replace("/*", "")
    yield path.rpartition("/")[2]
    yield path
    yield f"{resource}/{path}"


def child_keys(resource: str, outline: Outline, array: str = "") -> tuple[Key, ...]:
    """Return the key columns of a child sheet: those of the record, then one for each array above its own."""
    keys = []
    for path in key_of(outline):
        known = outline.fields.get(path)
        title = known.title if known else in_words(path)
        keys.append(_record_key(resource, outline, path, title))
    steps = array.split("/")
    above = ["/".join(steps[:at]) for at, step in enumerate(steps) if step == "*"]
    return (*keys, *(_item_key(resource, outline, path) for path in above))


def key_of(outline: Outline) -> tuple[str, ...]:
    """Return the fields by which child sheets name their record: its primary key, or else its id.

    Where it has no id, the first field that every record must have serves as one.
    """
    if outline.primary_key or _USUAL_KEY in outline.fields:
        return outline.primary_key or (_USUAL_KEY,)
    needed = (path for path, field in outline.fields.items() if field.required and "*" not in path)
    return (next(needed, _USUAL_KEY),)


def _array_titles(outline: Outline, array: str) -> list[str]:
    """Return the title of each array along a path: Milestones, Documents."""
    steps = array.split("/")
    titles = _titles_along(outline, array)[: len(steps)]
    return [title for title, step in zip(titles, steps, strict=True) if step != "*"]


def _titles_along(outline: Outline, array: str) -> list[str]:
    """Return the title of each step to an array, and that of one of its items."""
    known = next(
        (field.titles for path, field in outline.fields.items() if path.startswith(f"{array}/*/")), ()
    )
    steps = f"{array}/*".split("/")
    own = (in_words("/".join(steps[: at + 1])) for at in range(len(steps)))
    return [*known[: len(steps)]] or list(own)


def _record_key(resource: str, outline: Outline, path: str, title: str) -> Key:
    record = outline.record_title or outline.title or resource
    heading = _owned(record, title)
    names = (heading, f"{record} {title}", f"{record} {path}", f"{resource}/{path}", record)
    return Key(heading, path, {squashed(name): path for name in names})


def _item_key(resource: str, outline: Outline, array: str) -> Key:
    """Return the key column that names an item of an array: by its id, or by its number in the array."""
    item = f"{array}/*".replace("*", "0")
    path = array.replace("/*", "")
    title = _titles_along(outline, array)[-1]
    names = {
        squashed(f"{owner} {end}"): f"{item}/{NUMBER}"
        for end in ("number", "position", "no")
        for owner in (title, path, f"{resource}/{path}")
    }
    identity = outline.fields.get(f"{array}/*/{_USUAL_KEY}")
    if not identity:
        return Key(f"{title} number", f"{item}/{NUMBER}", names)
    heading = _owned(title, identity.title)
    ids = (heading, f"{title} id", f"{path}/id", f"{resource}/{path}/id", title)
    return Key(heading, f"{item}/id", {squashed(name): f"{item}/id" for name in ids} | names)


def _owned(owner: str, title: str) -> str:
    """Return the title of a key with what it is the key of before it, unless it says so itself."""
    return title if title.casefold().startswith(owner.casefold()) else owned_title(owner, title)
