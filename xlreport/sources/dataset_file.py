"""Turn a dataset file (dataset.json) into the description of a dataset."""

import codecs
import datetime as dt
import glob
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NoReturn

from xlreport.errors import SpecError
from xlreport.sources.dataset_schema import problems
from xlreport.sources.description import (
    FORMATS,
    Child,
    DatasetFile,
    Notation,
    Part,
    ResourceFile,
    known_endings,
)
from xlreport.sources.exact_json import BrokenJsonError, TooDeepError, decode, elements, members, starts_with
from xlreport.sources.items import Json, UnreadableError
from xlreport.sources.nesting import conflict, field_path, path_steps
from xlreport.sources.workbook_files import sheet_name
from xlreport.text import did_you_mean, listing, shown
from xlreport.uploads import USUAL, Limits

__all__ = ["DATASET_FILE", "is_dataset_file", "read_dataset_file"]

DATASET_FILE: Final = "dataset.json"
"""Name under which a folder's dataset file is found."""
_LARGEST: Final = 4 << 20
"""Bytes of a dataset file of another name; a larger JSON file is data."""
_ENCODINGS: Final = (
    "utf-8",
    "utf-16",
    "latin-1",
    "iso-8859-15",
    "windows-1252",
    "windows-1251",
    "koi8-r",
    "gb18030",
)
_MEANT_FOR: Final[Mapping[str, tuple[str, ...]]] = {
    "delimiter": ("csv",),
    "quoteChar": ("csv",),
    "headerRow": ("csv", "xlsx"),
    "skipRows": ("csv", "xlsx"),
    "sheet": ("xlsx",),
    "pointer": ("json",),
}
"""Members of the dialect that not every format has."""
_DATE_LETTERS: Final = (("yyyy", "%Y"), ("yy", "%y"), ("mm", "%m"), ("dd", "%d"))


class _MistakeError(Exception):
    """Something is wrong at a place in the dataset file; collected, so that all is told at once."""


def _fail(path: str, sentence: str) -> NoReturn:
    problem = f"{path}: {sentence}"
    raise _MistakeError(problem)


def is_dataset_file(path: Path) -> bool:
    """Tell by its content whether a JSON file describes data rather than being data.

    It does where it is an object with an array ``resources`` whose items have a ``path`` or ``data``; a
    file called dataset.json does where it is an object.
    """
    named = path.name == DATASET_FILE
    if path.suffix.lower() != ".json" or (path.stat().st_size > _LARGEST and not named):
        return False
    text = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    if named:
        return starts_with(text, b"{")
    try:
        resources = [members(resource) for resource in elements(members(text)["resources"])]
    except (ValueError, KeyError, RecursionError):
        return False
    return bool(resources) and all("path" in resource or "data" in resource for resource in resources)


def read_dataset_file(path: Path, file: str, limits: Limits = USUAL) -> DatasetFile:
    """Return what the dataset file at ``path`` says; ``file`` is its name as the user gave it.

    ``limits`` are those of the files that it names.
    SpecError names every mistake, each with its path in the document.
    """
    document = _document(path, file)
    found = problems(document)
    if found:
        raise SpecError(_sentences(file, found))
    parts: list[tuple[Mapping[str, Json], list[Part], list[Child]]] = []
    for position, entry in enumerate(document["resources"]):
        try:
            own = _parts(entry, position, path, file, limits)
            parts.append((entry, own, list(_children(entry, own, f"$.resources[{position}]"))))
        except _MistakeError as problem:
            found.append(str(problem))
    found += _different_keys(document["resources"])
    if found:
        raise SpecError(_sentences(file, found))
    rates = document.get("rates", {})
    return DatasetFile(
        name=document.get("name", "") or path.absolute().parent.name,
        resources=_resources(parts),
        title=document.get("title", ""),
        folder=str(path.parent),
        file=file,
        schema=document.get("schema", ""),
        rates={"path": rates} if isinstance(rates, str) else rates,
        regions=document.get("regions", ""),
        notes=tuple(_notes(document)),
    )


def _sentences(file: str, found: Sequence[str]) -> str:
    return "\n".join(f"{file}: {sentence}" for sentence in found)


def _document(path: Path, file: str) -> Json:
    try:
        document, flaws = decode(path.read_bytes().removeprefix(codecs.BOM_UTF8))
    except BrokenJsonError as error:
        instead = f", not {shown(error.found)}" if error.found else ""
        message = (
            f"{file} is not JSON at line {error.line}, column {error.column}: {error.expected}{instead}."
        )
    except TooDeepError:
        message = f"{file} is nested too deep to be a dataset file."
    except UnicodeDecodeError as error:
        message = (
            f"{file} is not UTF-8 text: byte {error.object[error.start]:#04x} at position {error.start:,}."
        )
    else:
        if not flaws:
            return document
        message = f"{file}: {shown(flaws[0].shown)} ({flaws[0].code}); correct it."
    raise SpecError(message)


def _resources(
    entries: Sequence[tuple[Mapping[str, Json], list[Part], list[Child]]],
) -> tuple[ResourceFile, ...]:
    """Return the resources; entries of one name make one."""
    found: dict[str, ResourceFile] = {}
    for entry, parts, children in entries:
        name = entry["name"]
        new = ResourceFile(name, (), entry.get("title", ""), tuple(entry.get("distinct", ())))
        known = found.setdefault(name, new)
        found[name] = replace(
            known,
            parts=(*known.parts, *parts),
            title=known.title or new.title,
            children=(*known.children, *children),
        )
    return tuple(found.values())


def _different_keys(entries: Sequence[Mapping[str, Json]]) -> Iterator[str]:
    keys: dict[str, list[str]] = {}
    for position, entry in enumerate(entries):
        distinct = entry.get("distinct", [])
        if keys.setdefault(entry["name"], distinct) != distinct:
            name = shown(entry["name"])
            yield f"$.resources[{position}].distinct: the entries of {name} must all give the same fields."


def _parts(entry: Mapping[str, Json], position: int, path: Path, file: str, limits: Limits) -> list[Part]:
    place = f"$.resources[{position}]"
    if "data" in entry:
        files = [(path, file)]
        pointer = f"resources/{position}/data"
    else:
        files = [
            found for name in _list(entry["path"]) for found in _files(name, path.parent, f"{place}.path")
        ]
        pointer = ""
    mapping = entry.get("mapping")
    if mapping is not None:
        _check_mapping(mapping, f"{place}.mapping")
    parts = []
    for found, name in files:
        part = replace(_part(entry, found, name, place), limits=limits)
        parts.append(
            replace(part, pointer=pointer) if pointer else _with_sheet(part, f"{place}.dialect.sheet")
        )
    return parts


def _list(value: Json) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _files(name: str, folder: Path, place: str) -> list[tuple[Path, str]]:
    """Return the files that ``name`` stands for, and their names relative to the dataset file."""
    if "://" in name:
        _fail(place, f"{shown(name)} is an address on the network; fetch the file and name it here.")
    if (folder / name).is_file():
        return [(folder / name, name)]
    names = glob.glob(name, root_dir=folder, recursive=True)  # noqa: PTH207  # Path.glob refuses absolute names
    found = [(folder / each, Path(each).as_posix()) for each in sorted(names) if (folder / each).is_file()]
    if (folder / name).is_dir():
        _fail(
            place,
            f"{shown(name, most=200)} is a folder; name the files in it, such as {name.rstrip('/')}/*.json.",
        )
    if not found:
        near = (folder / name).parent
        known = [other.name for other in near.iterdir() if other.is_file()] if near.is_dir() else []
        _fail(place, f"there is no file {shown(name, most=200)}{did_you_mean(Path(name).name, known) or '.'}")
    return found


def _part(entry: Mapping[str, Json], path: Path, file: str, place: str) -> Part:
    ending = entry.get("format") or path.suffix.lower().removeprefix(".")
    kind = "json" if "data" in entry else FORMATS.get(ending)
    if kind is None:
        sentence = f"{shown(file, most=200)} is in no known format; state one, or name a file that ends in "
        _fail(f"{place}.path", f"{sentence}{listing(known_endings(), 'or')}.")
    dialect = entry.get("dialect", {})
    _check_dialect(dialect, kind, place)
    header_row = dialect.get("headerRow", dialect["skipRows"] + 1 if "skipRows" in dialect else 0)
    mapping = entry.get("mapping")
    return Part(
        path=path,
        file=file,
        format=kind,
        encoding=_encoding(entry.get("encoding", ""), kind, place),
        pointer=dialect.get("pointer"),
        sheet=dialect.get("sheet"),
        delimiter=dialect.get("delimiter", "\t" if ending == "tsv" else ""),
        quote_char=dialect.get("quoteChar", '"'),
        header_row=header_row,
        notation=_notation(dialect, entry.get("missingValues", ()), kind, place),
        mapping=mapping,
        keep_unmapped=entry.get("keepUnmapped", mapping is None),
    )


def _check_dialect(dialect: Mapping[str, Json], kind: str, place: str) -> None:
    for name in dialect:
        formats = _MEANT_FOR.get(name, (kind,))
        if kind not in formats:
            _fail(f"{place}.dialect", f"{shown(name)} is for {listing(formats)} files, not for {kind}.")


def _encoding(name: str, kind: str, place: str) -> str:
    if not name:
        return ""
    if kind in ("xlsx", "parquet"):
        what = "a workbook" if kind == "xlsx" else "a Parquet file"
        _fail(f"{place}.encoding", f"{what} has no character encoding; take it out.")
    try:
        "-".encode(name)
    except LookupError:
        guess = did_you_mean(name, _ENCODINGS)
        sentence = (
            f"{shown(name)} is no known encoding; there are {listing(_ENCODINGS)} and more{guess or '.'}"
        )
        _fail(f"{place}.encoding", sentence)
    return name


def _notation(dialect: Mapping[str, Json], missing: Sequence[str], kind: str, place: str) -> Notation:
    standard = Notation(separator="" if kind in ("json", "ndjson") else ";")
    formats = tuple(_list(dialect.get("dateFormat", [])))
    _check_date_formats(formats, f"{place}.dialect.dateFormat")
    decimal_char = dialect.get("decimalChar", standard.decimal_char)
    group_char = dialect.get("groupChar", standard.group_char)
    if decimal_char == group_char:
        _fail(f"{place}.dialect", f"decimalChar and groupChar are both {shown(group_char)}.")
    return Notation(
        decimal_char=decimal_char,
        group_char=group_char,
        date_formats=formats,
        true_values=tuple(dialect.get("trueValues", standard.true_values)),
        false_values=tuple(dialect.get("falseValues", standard.false_values)),
        separator=dialect.get("separator", standard.separator),
        missing=tuple(missing),
    )


def _check_date_formats(formats: Sequence[str], place: str) -> None:
    for written in formats:
        try:
            sample = dt.datetime(2001, 2, 3, tzinfo=dt.UTC).strftime(written)
            fits = sample != written and dt.datetime.strptime(sample, written)  # noqa: DTZ007  # never used
        except ValueError:
            fits = False
        if not fits:
            guess = written.lower()
            for letters, directive in _DATE_LETTERS:
                guess = guess.replace(letters, directive)
            meant = f"; did you mean {shown(guess)}?" if "%" in guess and guess != written else "."
            _fail(place, f"{shown(written)} is no date format; one is %d-%m-%Y{meant}")


def _check_mapping(mapping: Mapping[str, Json], place: str) -> None:
    clash = conflict(path_steps(target) for target in mapping)
    if clash:
        one, other = ("/".join(map(str, path)) for path in clash)
        _fail(place, f"{one} and {other} cannot both be filled.")
    for target, spec in mapping.items():
        if isinstance(spec, Mapping):
            _check_date_formats(_list(spec.get("format", [])), f"{place}.{target}.format")
            if "mapping" in spec:
                _check_mapping(spec["mapping"], f"{place}.{target}.mapping")


def _with_sheet(part: Part, place: str) -> Part:
    """Return the part with the name of its sheet; the reader will tell where a workbook cannot be read."""
    if part.format != "xlsx":
        return part
    try:
        return replace(part, sheet=sheet_name(part))
    except UnreadableError as stop:
        if stop.finding.code == "missing-sheet":
            _fail(place, f"{stop.finding.message} {stop.finding.hint}")
        return part


def _children(entry: Mapping[str, Json], parts: Sequence[Part], place: str) -> Iterator[Child]:
    """Iterate over the child sheets of an entry, in each of its workbooks."""
    for array, declared in entry.get("children", {}).items():
        at = f"{place}.children.{array}"
        if any(part.format != "xlsx" for part in parts):
            _fail(at, "only a workbook has sheets; take the children out.")
        for each in declared if isinstance(declared, list) else [declared]:
            said = each if isinstance(each, dict) else {"sheet": each}
            for part in parts:
                sheet = replace(part, sheet=said["sheet"], header_row=said.get("headerRow", 0), mapping=None)
                path = field_path(path_steps(array))
                yield Child(
                    _with_sheet(sheet, at), path, headings=tuple(_list(said.get("key", []))), place=at
                )


def _notes(document: Mapping[str, Json]) -> Iterator[str]:
    if document.get("description"):
        yield document["description"]
    for licence in document.get("licenses", ()):
        yield f"Licence: {_titled(licence)}."
    for source in document.get("sources", ()):
        yield f"Source: {_titled(source)}."


def _titled(entry: Mapping[str, str]) -> str:
    name = entry.get("title") or entry.get("name") or entry.get("email", "")
    path = entry.get("path", "")
    return f"{name} ({path})" if name and path else name or path
