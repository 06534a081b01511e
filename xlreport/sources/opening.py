"""Turn the description of a dataset into resources whose records are read when they are asked for."""

import contextlib
import functools
import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from xlreport.findings import Finding, Place, Severity
from xlreport.sentences import Name, Sentence, guess, one_after_the_other
from xlreport.sources.children import fragments_of
from xlreport.sources.csv_files import csv_items
from xlreport.sources.description import DatasetFile, Part, ResourceFile
from xlreport.sources.distinct import Firsts, distinct_items
from xlreport.sources.files import cannot_read, digest
from xlreport.sources.items import Item, Run, in_batches
from xlreport.sources.joining import joined, orphans
from xlreport.sources.json_files import json_items, ndjson_items, pointer_steps
from xlreport.sources.line_files import is_left_as_text, line_batches
from xlreport.sources.mapped import mapped_items
from xlreport.sources.nesting import field_path, path_steps
from xlreport.sources.sheet_records import workbook_items
from xlreport.tables import Batch, Dataset, Field, Lines, Origin, Resource, json_path

__all__ = ["open_dataset"]

Fields = Mapping[str, Field]

_JSON: Final = ("json", "ndjson")
_EVERY: Final = "*"
"""Names the fields of any resource that has none of its own."""


def open_dataset(description: DatasetFile, fields: Mapping[str, Fields]) -> Dataset:
    """Return the dataset whose files are described; nothing but their hashes is read yet.

    ``fields`` holds the fields of each resource by path, as the JSON Schema gives them; those under ``*``
    serve every resource that is not named. Without fields, headings become paths as they stand, and values
    keep the type that the file gives them. MachineError where a file can no longer be read, here or later.
    """
    hashed = functools.cache(_hashed)
    resources = []
    findings = list(description.findings)
    for described in description.resources:
        own = fields.get(described.name) or fields.get(_EVERY) or {}
        resources.append(_resource(described, own, hashed))
        findings += _unknown_targets(described, own)
    return Dataset(
        resources=tuple(resources),
        name=description.name,
        title=description.title,
        folder=description.folder,
        files=tuple(dict.fromkeys(_files(description))),
        notes=description.notes,
        schema=description.schema,
        rates=description.rates,
        regions=description.regions,
        findings=tuple(findings),
    )


def _files(description: DatasetFile) -> Iterator[str]:
    if description.file:
        yield description.file
    for resource in description.resources:
        yield from (str(part.path) for part in _all_parts(resource))


def _all_parts(described: ResourceFile) -> list[Part]:
    return [*described.parts, *(child.part for child in described.children)]


def _resource(
    described: ResourceFile, fields: Fields, hashed: Callable[[Path, str], tuple[str, str]]
) -> Resource:
    return Resource(
        name=described.name,
        batches=functools.partial(_batches, described, fields),
        title=described.title,
        sources=tuple(dict.fromkeys(hashed(part.path, part.file) for part in _all_parts(described))),
        texts=functools.partial(_texts, described, fields) if _can_wait(described) else None,
    )


def _can_wait(described: ResourceFile) -> bool:
    return not (described.distinct or described.children) and any(map(is_left_as_text, described.parts))


def _hashed(path: Path, file: str) -> tuple[str, str]:
    try:
        return file, digest(path)
    except OSError as error:
        raise cannot_read(file, error) from error


def _batches(described: ResourceFile, fields: Fields) -> Iterator[Batch]:
    """Read the resource from the start, one part after the other."""
    firsts: Firsts = {}
    fragments = None
    for part in described.parts:
        with _readable(part):
            if described.children and fragments is None:
                fragments = fragments_of(described, fields)
                found = (Item(0, None, (finding,)) for finding in fragments.findings)
                yield from _in_batches(found, part, described.name)
            items = _items(part, described.name, fields)
            if described.distinct:
                items = distinct_items(items, described.distinct, firsts, part.file)
            if fragments:
                items = joined(items, described.key, fragments)
                if part is described.parts[-1]:
                    items = itertools.chain(items, orphans(fragments, described))
            yield from _in_batches(items, part, described.name)


def _texts(described: ResourceFile, fields: Fields) -> Iterator[Batch | Lines]:
    """Read the same, but leave lines that are records as they stand to be decoded later."""
    for part in described.parts:
        with _readable(part):
            if is_left_as_text(part):
                yield from line_batches(part, described.name, _origin(part))
            else:
                yield from _in_batches(_items(part, described.name, fields), part, described.name)


def _in_batches(items: Iterator[Item | Run], part: Part, name: str) -> Iterator[Batch]:
    plain = part.format in _JSON and part.mapping is None
    return in_batches(items, name, _origin(part), plain=plain)


@contextlib.contextmanager
def _readable(part: Part) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise cannot_read(part.file, error) from error


def _items(part: Part, name: str, fields: Fields) -> Iterator[Item | Run]:
    match part.format:
        case "json":
            return mapped_items(json_items(part, name), part, fields)
        case "ndjson":
            return mapped_items(ndjson_items(part), part, fields)
        case "csv":
            return csv_items(part, fields)
        case "parquet":
            # pyarrow takes longer to load than most registers to read
            from xlreport.sources.parquet_files import parquet_items  # noqa: PLC0415

            return parquet_items(part, fields)
    return workbook_items(part, fields)


def _origin(part: Part) -> Origin:
    return Origin(
        file=part.file,
        format=part.format,
        sheet=part.sheet if isinstance(part.sheet, str) else "",
        pointer=json_path(pointer_steps(part.pointer)) if part.pointer else "",
    )


def _unknown_targets(described: ResourceFile, fields: Fields) -> Iterator[Finding]:
    """Iterate over a finding for each path of the mappings that the schema does not name."""
    known = {"/".join(steps[:length]) for steps in _split(fields) for length in range(1, len(steps) + 1)}
    paths = [path for part in described.parts for path in _target_paths(part.mapping or {}, "")]
    for path in dict.fromkeys(paths) if fields else ():
        if path not in known:
            yield Finding(
                code="unknown-target",
                severity=Severity.WARNING,
                message=Sentence(
                    "The mapping of {table} fills {field}, which the schema does not name.",
                    table=Name(described.name),
                    field=Name(path),
                ),
                hint=one_after_the_other(
                    guess(path, fields), Sentence("Correct the mapping in the dataset file.")
                ),
                table=described.name,
                place=Place(file=described.parts[0].file, path=path),
                value=path,
            )


def _split(fields: Fields) -> list[list[str]]:
    return [path.split("/") for path in fields]


def _target_paths(mapping: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for target, spec in mapping.items():
        path = prefix + field_path(path_steps(target))
        if isinstance(spec, Mapping) and "mapping" in spec:
            yield from _target_paths(spec["mapping"], f"{path}/*/")
        else:
            yield path
