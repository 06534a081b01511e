"""Turn what the user names (files, folders, standard input) into the description of a dataset."""

import atexit
import glob
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from xlreport.errors import UsageError
from xlreport.findings import Finding, Severity
from xlreport.sentences import Listed, Name, Sentence
from xlreport.sources.arranging import hidden_sheets
from xlreport.sources.dataset_file import DATASET_FILE, is_dataset_file, read_dataset_file
from xlreport.sources.description import FORMATS, DatasetFile, Part, ResourceFile, known_endings
from xlreport.sources.exact_json import BrokenJsonError, TooDeepError, decode, starts_with
from xlreport.sources.files import cannot_read, encoding_by_mark
from xlreport.sources.guard import carried
from xlreport.sources.items import UnreadableError
from xlreport.sources.json_files import arrays_in
from xlreport.sources.workbook_files import tabs
from xlreport.text import did_you_mean, listing, shown
from xlreport.uploads import USUAL, Limits

__all__ = ["describe"]

_STANDARD_INPUT: Final = "-"
_UNNAMED: Final = "records"
"""The resource that standard input is, where the data itself gives no name."""
_HEAD: Final = 1 << 16
_CHUNK: Final = 1 << 20
_STANDARD_TAB: Final = re.compile(
    r"(?:sheet|tabelle|feuille?|hoja|foglio|blad|planilha|лист)\s*\d*", re.IGNORECASE
)
_NUMBERED: Final = re.compile(r"(?:part|data)?[-_.]?[0-9]+(?:[-_.].*)?", re.IGNORECASE)
"""What programs call the files that they write one table into: part-00000-5f2c.snappy, data_0, 00000."""
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Input:
    """A data file, and how the user called it."""

    path: Path
    file: str
    name: str
    """Of the resource, where the data itself gives none."""
    group: str
    """Of the resource of records that come one in a file, or of a table that is cut into files."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A part, and the resource that it belongs to."""

    name: str
    part: Part
    title: str = ""


def describe(inputs: Sequence[str | Path] | str | Path, limits: Limits = USUAL) -> DatasetFile:
    """Return the description of a dataset file, a folder, data files, or ``-`` for standard input.

    A JSON file that describes resources is a dataset file, and so is the dataset.json of a folder. Data
    files without one speak for themselves: each array of a JSON file, each sheet of a workbook that is not
    empty, and each other file is a resource. What has the same name is one resource; JSON files that are
    one record each make one, named as their folder, and so do Parquet files that are only numbered.
    Files beyond ``limits`` are described like any other; reading them says what is wrong with them.

    UsageError where a file is missing or in no known format, SpecError where a dataset file is wrong,
    MachineError where a file cannot be opened.
    """
    try:
        description = _described([inputs] if isinstance(inputs, str | Path) else inputs, limits)
        parts = [part for resource in description.resources for part in resource.parts]
        return replace(description, findings=(*description.findings, *carried(parts)))
    except OSError as error:
        raise cannot_read(str(error.filename), error) from error


def _described(inputs: Sequence[str | Path], limits: Limits) -> DatasetFile:
    if not inputs:
        message = f"Name a file or folder to read; files end in {listing(known_endings(), 'or')}."
        raise UsageError(message)
    if sum(str(given) == _STANDARD_INPUT for given in inputs) > 1:
        message = "Standard input (-) can be read once; give it once, and files beside it."
        raise UsageError(message)
    paths = [path for given in inputs for path in _expanded(str(given))]
    dataset_file = _dataset_file(paths)
    if dataset_file:
        return read_dataset_file(dataset_file, str(dataset_file), limits)
    found: list[_Input] = []
    skipped: list[str] = []
    for path in paths:
        found += _data_files(path, skipped, limits, alone=len(paths) == 1)
    resources, hidden = _resources(found, limits)
    findings = [*hidden_sheets(hidden), *([_skipped_files(skipped)] if skipped else [])]
    return DatasetFile(
        name=found[0].group if len(found) > 1 else found[0].name,
        resources=resources,
        folder=str(found[0].path.parent),
        findings=tuple(findings),
        hidden=tuple(hidden),
    )


def _expanded(given: str) -> list[Path]:
    """Return the files and folders that an input stands for: * and ** are any part of a name."""
    path = Path(given)
    if given == _STANDARD_INPUT or path.exists():
        return [path]
    names = glob.glob(given, recursive=True)  # noqa: PTH207  # Path.glob refuses absolute names
    if not names:
        raise UsageError(_no_file(path))
    return [Path(name) for name in sorted(names)]


def _dataset_file(paths: Sequence[Path]) -> Path | None:
    """Return the dataset file among the paths, if any; UsageError where others stand beside it."""
    for path in paths:
        if path.is_dir() and (path / DATASET_FILE).is_file():
            found = path / DATASET_FILE
        elif path.is_file() and is_dataset_file(path):
            found = path
        else:
            continue
        if len(paths) > 1:
            message = f"{found} describes a dataset of its own; give it alone, or data files without it."
            raise UsageError(message)
        return found
    return None


def _data_files(path: Path, skipped: list[str], limits: Limits, *, alone: bool) -> list[_Input]:
    """Return the data files that a path stands for; what else a folder holds goes to ``skipped``."""
    if str(path) == _STANDARD_INPUT:
        return [_Input(_standard_input(limits), _STANDARD_INPUT, _UNNAMED, _UNNAMED)]
    return _in_folder(path, skipped) if path.is_dir() else [_input(path, alone=alone)]


def _input(path: Path, *, alone: bool) -> _Input:
    name = _resource_name(path.stem)
    return _Input(path, str(path), name, name if alone else _resource_name(path.absolute().parent.name))


def _in_folder(folder: Path, skipped: list[str]) -> list[_Input]:
    found = []
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.name.startswith(
            (".", "~$")
        ):  # hidden files, and locks that Excel leaves
            continue
        if path.suffix.lower().removeprefix(".") in FORMATS and not is_dataset_file(path):
            found.append(_input(path, alone=False))
        else:
            skipped.append(str(path))
    if not found:
        inside = [other.name for other in sorted(folder.iterdir()) if other.is_dir()]
        deeper = f"; folders in it are not searched ({listing(inside, most=6)})" if inside else ""
        message = f"{folder} holds no data files{deeper}; those end in {listing(known_endings(), 'or')}."
        raise UsageError(message)
    return found


def _no_file(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"There is no file or folder {shown(str(path), most=200)}: there is no folder {folder} either."
    guess = did_you_mean(path.name, [other.name for other in folder.iterdir()])
    return f"There is no file or folder {shown(str(path), most=200)}{guess or '.'}"


def _standard_input(limits: Limits) -> Path:
    """Copy standard input to a file, since records are read more than once, and remove it at exit.

    What is beyond the limit of a file is left: it will be refused all the same.
    """
    folder = Path(tempfile.mkdtemp(prefix="xlreport-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "input"
    with path.open("wb") as file:
        left = limits.file + 1
        while left and (chunk := sys.stdin.buffer.read(min(_CHUNK, left))):
            left -= file.write(chunk)
    return path


def _resource_name(text: str) -> str:
    """Return the resource's name for a sheet or file: ``Contracts`` -> contracts, ``My list`` -> my-list."""
    words = _WORD.findall(text)
    if len(words) == 1 and not words[0].isupper():  # a name such as orderItems keeps its capitals
        return str(words[0][:1].lower() + words[0][1:])
    return "-".join(words).casefold() or _UNNAMED


def _resources(found: Iterable[_Input], limits: Limits) -> tuple[tuple[ResourceFile, ...], list[Part]]:
    """Return the resources, and the sheets that are hidden beside others."""
    tables: list[_Table] = []
    unreadable: list[_Table] = []
    hidden: list[Part] = []
    for each in found:
        part = Part(each.path, each.file, _format(each), limits=limits)
        try:
            tables += _tables(each, part, hidden)
        except UnreadableError:  # the reader tells
            unreadable.append(_Table(each.name, part))
    usual = Counter(table.name for table in tables).most_common(1)
    tables += [replace(table, name=usual[0][0]) if usual else table for table in unreadable]
    resources: dict[str, ResourceFile] = {}
    for table in tables:
        known = resources.setdefault(table.name, ResourceFile(table.name, (), table.title))
        resources[table.name] = replace(known, parts=(*known.parts, table.part))
    return tuple(resources.values()), hidden


def _tables(each: _Input, part: Part, hidden: list[Part]) -> list[_Table]:
    """Return the tables of a data file; raise UnreadableError where it cannot be read."""
    match part.format:
        case "json":
            pointers = arrays_in(part)
            if pointers is None:
                return [_Table(each.group, replace(part, pointer=""))]
            return [_Table(pointer or each.name, replace(part, pointer=pointer)) for pointer in pointers]
        case "xlsx":
            return _sheets(each, part, hidden)
        case "parquet" if _NUMBERED.fullmatch(each.path.stem):
            return [_Table(each.group, part)]
    return [_Table(each.name, part)]


def _sheets(each: _Input, part: Part, hidden: list[Part]) -> list[_Table]:
    full = [tab for tab in tabs(part) if not tab.empty]
    names = [tab.name for tab in full if not tab.hidden]
    if names:
        hidden += [replace(part, sheet=tab.name) for tab in full if tab.hidden]
    names = names or [tab.name for tab in full]
    if not names:
        return [_Table(each.name, part)]
    if len(names) == 1 and _STANDARD_TAB.fullmatch(names[0]):
        return [_Table(each.name, replace(part, sheet=names[0]))]
    return [_Table(_resource_name(name), replace(part, sheet=name), name) for name in names]


def _format(each: _Input) -> str:
    ending = each.path.suffix.lower().removeprefix(".")
    if ending and ending not in FORMATS:
        message = f"{each.file} ends in .{ending}, which is no format that can be read; there are "
        raise UsageError(
            message + listing(known_endings()) + (did_you_mean(f".{ending}", known_endings()) or ".")
        )
    if ending and FORMATS[ending] != "json":
        return FORMATS[ending]
    with each.path.open("rb") as file:
        return _sniffed(file.read(_HEAD), default=FORMATS.get(ending, "csv"))


def _sniffed(head: bytes, default: str) -> str:
    """Return the format of a file that begins with ``head``; ``default`` where nothing in it tells."""
    if head.startswith((b"PAR1", b"PARE")):
        return "parquet"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "xlsx"
    text = head.decode(encoding_by_mark(head) or "utf-8", "replace").lstrip("\ufeff").encode()
    if not starts_with(text, b"{"):
        return "json" if starts_with(text, b"[") else default
    first, _, rest = text.lstrip().partition(b"\n")
    try:
        decode(first)
    except (BrokenJsonError, TooDeepError):
        return "json"
    return "ndjson" if starts_with(rest, b"{") else "json"


def _skipped_files(names: Sequence[str]) -> Finding:
    return Finding(
        code="skipped-files",
        severity=Severity.INFO,
        message=Sentence("Not read as data: {files}.", files=Listed(map(Name, names))),
        hint=Sentence("To say what is read, put a dataset.json into the folder."),
        value=len(names),
    )
