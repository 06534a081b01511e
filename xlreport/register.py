"""Turn what the user names into a dataset that is open for reading, with its schemas: the first stage."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlreport.child_sheets import said_in, squashed
from xlreport.errors import UsageError
from xlreport.language import ENGLISH, Language
from xlreport.tables import Dataset, Field, Outline
from xlreport.uploads import USUAL, Limits

if TYPE_CHECKING:
    from xlreport.registry import ResourceSchema
    from xlreport.sources.description import DatasetFile

__all__ = ["Data", "Register", "open_register"]

Data = str | Path | Sequence[str | Path] | Dataset | Mapping[str, Any]
"""Files or a folder, an open dataset, or DataFrames by the names of their registers."""


@dataclass(frozen=True, slots=True)
class Register:
    """A dataset that is open for reading, with the schemas that its records are held against."""

    dataset: Dataset
    schemas: "Mapping[str, ResourceSchema]"


def open_register(data: Data, schema: str | Path | None = None, limits: Limits = USUAL) -> Register:
    """Find the files that make up a dataset, and the schema of its records; open both.

    ``data`` is a dataset file, a folder, one or more data files, ``-`` for standard input, a mapping of
    names to DataFrames, or a Dataset; ``limits`` are those of files. The dataset of the result names its
    schema, so that it is held against the same one when it is handed in again.
    """
    if isinstance(data, Dataset):
        return _register(data.names, schema or data.schema, lambda _fields: data)
    if isinstance(data, Mapping):
        from xlreport.sources.frames import from_frames  # only who passes DataFrames has pandas

        return _register(list(data), schema, functools.partial(from_frames, data))
    from xlreport import sources  # import cost

    if not isinstance(data, str | Path | Sequence):
        message = (
            f"Data is a {type(data).__name__}; give a path, several paths, a Dataset, or DataFrames by name, "
            'such as {"contracts": frame}.'
        )
        raise UsageError(message)
    description = sources.describe([data] if isinstance(data, str | Path) else data, limits)
    names = [resource.name for resource in description.resources]
    named = schema or _beside(description.folder, description.schema) or _usual_schema(names)
    outlines = _outlines(named) if named else {}
    language = _language_of(_sheets(description), outlines) if named else ENGLISH
    outlines = {name: said_in(outline, language) for name, outline in outlines.items()}
    description = sources.arranged(description, outlines)
    names = [resource.name for resource in description.resources]
    return _register(names, named, functools.partial(sources.open_dataset, description), language)


def _sheets(description: "DatasetFile") -> list[str]:
    """Return the names of the sheets of workbooks, of those that no dataset file describes."""
    parts = (part for resource in description.resources for part in resource.parts)
    return [] if description.file else [part.sheet for part in parts if isinstance(part.sheet, str)]


def _language_of(sheets: Sequence[str], outlines: Mapping[str, Outline]) -> Language:
    """Return the language in which the names of sheets are the titles of a schema: English where any is.

    An entry form can be in each of our languages, and is read in the one that it is in.
    """
    names = set(map(squashed, sheets))
    titles = {outline.title for outline in outlines.values()}
    if not names or names & {squashed(name) for name in (*titles, *outlines)}:
        return ENGLISH
    from xlreport.languages import load_language, shipped_languages  # import cost: other languages

    languages = [load_language(code) for code in shipped_languages()]
    found = [len(names & {squashed(each.text(title)) for title in titles}) for each in languages]
    return languages[found.index(max(found))] if any(found) else ENGLISH


def _outlines(schema: str | Path) -> dict[str, Outline]:
    """Return what a schema says about each resource; under ``*`` where it describes one record."""
    from xlreport import registry  # import cost

    loaded = registry.load_schema(schema)
    described = registry.resources_of(loaded).values()
    outlines = {
        each.name: Outline(each.fields, each.title, each.record_title, each.primary_key) for each in described
    }
    return outlines if registry.is_dataset(loaded) else {"*": next(iter(outlines.values()))}


def _register(
    names: Sequence[str],
    schema: str | Path | None,
    opened: "Callable[[Mapping[str, Mapping[str, Field]]], Dataset]",
    language: Language = ENGLISH,
) -> Register:
    from xlreport import registry  # import cost

    named = schema or _usual_schema(names)
    schemas = registry.resources_of(registry.load_schema(named), names) if named else {}
    fields = {name: resource.fields for name, resource in schemas.items()}
    if language is not ENGLISH:
        fields = {name: said_in(Outline(each), language).fields for name, each in fields.items()}
    dataset = opened(fields)
    found = named if named in ("", *registry.shipped_schemas()) else Path(named).absolute()
    return Register(replace(dataset, schema=str(found)), schemas)


def _usual_schema(names: Sequence[str]) -> str:
    """Return our own schema where the dataset speaks its language, and none where it does not."""
    return "dataset" if {"contracts", "partners"} & set(names) else ""


def _beside(folder: str, name: str) -> str:
    path = Path(folder) / name
    return str(path) if name and path.is_file() else name
