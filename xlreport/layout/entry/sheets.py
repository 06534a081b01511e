"""Settle the sheets of an entry form and their columns: what each holds, and where.

A resource has a main sheet, and every array of objects in its records a child sheet of its own, whose first
columns name the record (and the items above) that a row belongs to. Names and headings are those that the
reader of spreadsheets knows, so that a form that was filled in is read as it stands.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from xlreport.cells import Range, cell_name, column_letter, excel_length, unique_sheet_name
from xlreport.child_sheets import NUMBER, arrays_of, child_keys, child_names, key_of, said_in, squashed
from xlreport.constraints import ANYTHING, Constraints, constraints_of, needed_in, subschema_at
from xlreport.errors import SchemaError
from xlreport.fields import table_of
from xlreport.language import Language
from xlreport.layout.canvas import FIRST_ROW
from xlreport.registry import ResourceSchema
from xlreport.tables import Field, Kind, Outline
from xlreport.text import shown

__all__ = ["FormColumn", "FormSheet", "form_sheets", "key_paths", "own_names"]

_MOST_HEADING: Final = 200
_BETWEEN: Final = re.compile(r"[:>\u203a\u2192|]")
"""What the reader takes for the end of an object's title."""
_POSITION: Final = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of a sheet of the form."""

    path: str
    """Of the field: ``milestones/*/dueDate``, ``roles/*``; of the key of what the row belongs to."""
    heading: str
    kind: Kind
    description: str = ""
    need: str | None = None
    """Path of the object or row that needs the value, as `constraints.needed_in` has it."""
    constraints: Constraints = ANYTHING
    is_key: bool = False
    """Whether it names what the row belongs to, on another sheet."""

    @property
    def repeated(self) -> bool:
        """Whether a cell holds several values with separators between them."""
        return self.path.endswith("/*")


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A sheet of the form."""

    name: str
    title: str
    resource: str
    record_title: str
    """What a row is: Contract, Milestone."""
    description: str
    columns: tuple[FormColumn, ...]
    last_row: int
    array: str = ""
    """Path of the array whose items the rows are; empty where they are records."""
    first_row: int = field(default=FIRST_ROW + 1, kw_only=True)

    @property
    def row_path(self) -> str:
        """The path of a row in its record: ``milestones/*``, or nothing."""
        return f"{self.array}/*" if self.array else ""

    @property
    def keys(self) -> int:
        """How many columns name what a row belongs to."""
        return sum(column.is_key for column in self.columns)

    def number_of(self, path: str, *, key: bool = False) -> int:
        """Return the 1-based column of a path, or 0 where the sheet has none."""
        paths = ((column.path, column.is_key) for column in self.columns)
        return next((number for number, found in enumerate(paths, 1) if found == (path, key)), 0)

    def cell(self, number: int) -> str:
        """Return the address of a column in the first row, to be moved along with the row: ``$B6``."""
        return f"${column_letter(number)}{self.first_row}"

    def range(self, first: int, last: int = 0) -> Range:
        """Return the cells of the columns ``first`` to ``last`` that are to be filled in."""
        return Range(self.first_row, first, self.last_row, last or first)

    def row_cells(self, first: int = 1, last: int = 0) -> str:
        """Return the address of a row's cells, to be moved along: ``$A6:$K6``."""
        return f"{self.cell(first)}:{self.cell(last or len(self.columns))}"

    def heading_cell(self, number: int) -> str:
        """Return the address of a heading."""
        return cell_name(self.first_row - 1, number)


def form_sheets(
    resources: Mapping[str, ResourceSchema], rows: int, language: Language, reserved: Sequence[str] = ()
) -> list[FormSheet]:
    """Return the sheets for the records of ``resources``, each main sheet followed by its child sheets.

    They have room for so many ``rows``. No sheet is called as one of the ``reserved`` names. SchemaError
    where a name or a missing key of the schema keeps records from being put into sheets.
    """
    outlines = {name: said_in(outline_of(resource), language) for name, resource in resources.items()}
    names = _sheet_names(outlines, reserved)
    return [
        _sheet(resource, outlines[name], array, names[name, array], rows, language)
        for name, resource in resources.items()
        for array in ("", *arrays_of(outlines[name]))
    ]


def own_names(resources: Mapping[str, ResourceSchema], language: Language) -> tuple[str, str]:
    """Return the names of the sheets with instructions and lists: none that records could be under."""
    records = set()
    for name, resource in resources.items():
        outline = said_in(outline_of(resource), language)
        records |= {squashed(each) for each in (name, outline.title)}
        for array in arrays_of(outline):
            records |= {squashed(each) for each in child_names(name, outline, array)}
    pairs = (
        (language.text("Instructions"), language.text("How to fill in this form")),
        (language.text("Lists"), language.text("Lists to choose from")),
    )
    first, last = (short if squashed(short) not in records else long for short, long in pairs)
    return unique_sheet_name(first, ()), unique_sheet_name(last, (first,))


def outline_of(resource: ResourceSchema) -> Outline:
    """Return what a schema says about the records of a resource, for who puts them into sheets."""
    return Outline(resource.fields, resource.title, resource.record_title, resource.primary_key)


def key_paths(resource: ResourceSchema) -> tuple[str, ...]:
    """Return the fields by which rows of child sheets name their record."""
    return key_of(outline_of(resource))


def _sheet_names(outlines: Mapping[str, Outline], reserved: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return the name of each sheet: the shortest one by which the reader knows which sheet it is."""
    children = [(name, array) for name, outline in outlines.items() for array in arrays_of(outline)]
    known = {key: list(child_names(key[0], outlines[key[0]], key[1])) for key in children}
    counts = Counter(name for each in known.values() for name in set(map(squashed, each)))
    mains = {squashed(name) for resource, outline in outlines.items() for name in (resource, outline.title)}
    found: dict[tuple[str, str], str] = {}
    for resource, outline in outlines.items():
        found[resource, ""] = unique_sheet_name(outline.title, [*reserved, *found.values()])
    for key in children:
        taken = [*reserved, *found.values()]
        clear = [name for name in known[key] if counts[squashed(name)] == 1 and squashed(name) not in mains]
        made = ((unique_sheet_name(name, taken), name) for name in clear)
        found[key] = next((sheet for sheet, name in made if squashed(sheet) == squashed(name)), "")
        if not found[key]:
            message = (
                f"The sheets for the arrays of {key[0]} could not be told apart: {shown(known[key][0])} may "
                f"be several. Give {key[1]} a title of its own in the schema."
            )
            raise SchemaError(message)
    return found


def _sheet(
    resource: ResourceSchema, outline: Outline, array: str, name: str, rows: int, language: Language
) -> FormSheet:
    own = subschema_at(resource.schema.at(resource.location), array) if array else None
    row_path = f"{array}/*" if array else ""
    titles = resource.titles
    return FormSheet(
        name=name,
        title=language.text(titles[array]) if array else outline.title,
        resource=resource.name,
        record_title=language.text(titles[row_path]) if array else outline.record_title,
        description=language.text(own.text("description") if own else resource.description),
        columns=(*_keys(resource, outline, array), *_fields(resource, outline, array, language)),
        last_row=FIRST_ROW + rows,
        array=array,
    )


def _keys(resource: ResourceSchema, outline: Outline, array: str) -> Iterator[FormColumn]:
    """Yield the columns that name what a row belongs to."""
    for key in child_keys(resource.name, outline, array) if array else ():
        path = key.path.replace("/0/", "/*/")
        known = resource.fields.get(path)
        if known is None and not path.endswith(NUMBER):
            message = (
                f"Schema {resource.schema.name}: the records of {resource.name} have no key, so rows of a "
                f'sheet for {shown(array)} could not name their record. Declare one: "x-primaryKey".'
            )
            raise SchemaError(message)
        kind = known.kind if known else Kind.INTEGER
        yield FormColumn(path, key.heading, kind, need=f"{array}/*", is_key=True)


# --- the columns of the fields


def _fields(
    resource: ResourceSchema, outline: Outline, array: str, language: Language
) -> Iterator[FormColumn]:
    record = resource.schema.at(resource.location)
    paths = [path for path in resource.fields if table_of(path) == array]
    row = f"{array}/*" if array else ""
    for path, heading in zip(paths, _headings(outline, paths, array), strict=True):
        _check_name(resource, path)
        schema, known = subschema_at(record, path), resource.fields[path]
        yield FormColumn(
            path,
            heading,
            known.kind,
            language.text(known.description),
            needed_in(record, path.removesuffix("/*"), row),
            constraints_of(schema) if schema else ANYTHING,
        )


def _check_name(resource: ResourceSchema, path: str) -> None:
    """Refuse names that the reader takes for positions of an array."""
    bad = [step for step in path.split("/")[1:] if _POSITION.fullmatch(step)]
    if bad:
        message = (
            f"Schema {resource.schema.name}: a member of {resource.name} is called {shown(bad[0])} ({path}); "
            "a heading that is a number stands for the position in an array, so no form can have it."
        )
        raise SchemaError(message)


def _headings(outline: Outline, paths: Sequence[str], array: str) -> list[str]:
    """Return a heading for each path: its title, after those of the objects that it is in, if that is clear.

    Where it is not, because another field is called so too, it is the path.
    """
    inside = {path: path.removesuffix("/*").removeprefix(f"{array}/*/") for path in paths}
    names = {path: _names(outline.fields[path], inside[path]) for path in paths}
    counts = Counter(name for each in names.values() for name in set(map(_plain, each)))
    from_above = _from_above(outline)
    found = []
    for path in paths:
        others = {*inside.values(), *outline.fields} - {inside[path]}
        clear = (
            name
            for name in names[path]
            if name not in others
            and _plain(name) not in from_above
            and counts[_plain(name)] == 1
            and _is_plain(name, inside[path])
        )
        found.append(next(clear, inside[path]))
    return found


def _names(known: Field, inside: str) -> list[str]:
    """Return what a column can be called: by its title and those of the objects it is in, or by it alone."""
    titles = _titles_of(known, inside)
    both = [": ".join(titles), known.title]
    says_it = len(titles) > 1 and titles[-1].casefold().startswith(titles[-2].casefold())
    return both[::-1] if says_it else both


def _titles_of(known: Field, inside: str) -> list[str]:
    """Return the titles of the last steps of a field's path."""
    along = known.path.removesuffix("/*").split("/")
    steps = inside.split("/")
    titles = known.titles[: len(along)][-len(steps) :]
    return [title for title, step in zip(titles, steps, strict=False) if step != "*"]


def _is_plain(name: str, inside: str) -> bool:
    """Tell whether a heading fits a cell, and has marks between titles only where one title meets another."""
    marks = inside.count("/") if ": " in name else 0
    return bool(_plain(name)) and len(_BETWEEN.findall(name)) == marks and excel_length(name) <= _MOST_HEADING


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _from_above(outline: Outline) -> set[str]:
    """Return the headings that name items from the record on: ``milestones: due``, ``milestones: amount``."""
    found = set()
    for path, known in outline.fields.items():
        inside = path.removesuffix("/*")
        titles = _titles_of(known, inside)
        arrays = [known.titles[at - 1] for at, step in enumerate(inside.split("/")) if step == "*"]
        if arrays:
            ends = ([*arrays, titles[-1]], [*arrays, known.title])
            found |= {_plain(": ".join(words)) for words in (titles, *ends)}
    return found
