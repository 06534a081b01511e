"""What a dataset consists of: its files, how they are written, and which column is which field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from xlreport.child_sheets import Key
from xlreport.findings import Finding
from xlreport.uploads import USUAL, Limits

__all__ = ["FORMATS", "Child", "DatasetFile", "Notation", "Part", "ResourceFile", "known_endings"]

FORMATS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "json": "json",
        "ndjson": "ndjson",
        "jsonl": "ndjson",
        "csv": "csv",
        "tsv": "csv",
        "parquet": "parquet",
        "xlsx": "xlsx",
        "xlsm": "xlsx",
        "xlsb": "xlsx",
        "xls": "xlsx",
        "ods": "xlsx",
    }
)
"""Ending of a file's name -> how it is read."""


def known_endings() -> tuple[str, ...]:
    """Return the endings that can be read: .json, .ndjson, ..."""
    return tuple(f".{ending}" for ending in FORMATS)


@dataclass(frozen=True, slots=True)
class Notation:
    """How values are written as text."""

    decimal_char: str = "."
    group_char: str = ""
    date_formats: tuple[str, ...] = ()
    """As for `datetime.strptime`; ISO dates are always understood."""
    true_values: tuple[str, ...] = ("true", "yes", "1")
    false_values: tuple[str, ...] = ("false", "no", "0")
    separator: str = ";"
    """Between the values of a list in one cell; empty where a text is never a list."""
    missing: tuple[str, ...] = ()
    """Texts that stand for no value, besides the empty one."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table of one file."""

    path: Path
    file: str
    """The file's name as the user gave it; ``-`` for standard input."""
    format: str
    """json, ndjson, csv, parquet or xlsx (which stands for every kind of workbook)."""
    encoding: str = ""
    """Of a text file; empty for UTF-8 or what a byte order mark says."""
    pointer: str | None = None
    """Of a JSON file: the path of the array; empty for the whole file, None where it is to be found."""
    sheet: str | int | None = None
    """Of a workbook: name, or position counted from 1; None for the first sheet that is not empty."""
    delimiter: str = ""
    """Of a CSV file; empty where it is to be found."""
    quote_char: str = '"'
    header_row: int = 0
    """1-based row of the headings; 0 for the first that is not blank."""
    notation: Notation = field(default_factory=Notation)
    mapping: Mapping[str, Any] | None = None
    """Path of a field -> where its value comes from, in the words of the dataset file."""
    keep_unmapped: bool = True
    limits: Limits = USUAL
    """What the file may hold at most."""


@dataclass(frozen=True, slots=True)
class Child:
    """A child sheet: each of its rows is an item of an array of a record, which it names by its key."""

    part: Part
    array: str = ""
    """Path of the array, ``milestones`` or ``milestones/*/documents``; empty where only the headings say."""
    keys: tuple[Key, ...] = ()
    """One for each field of the record's key, then one for each array above this one."""
    headings: tuple[str, ...] = ()
    """What the columns of the keys are called where the dataset file says so, in the same order."""
    place: str = ""
    """Where the dataset file names the sheet: ``$.resources[0].children.milestones``."""


@dataclass(frozen=True, slots=True)
class ResourceFile:
    """One named set of records, and the tables that it is read from, one after the other."""

    name: str
    parts: tuple[Part, ...]
    title: str = ""
    distinct: tuple[str, ...] = ()
    """Fields that identify a record: of several that agree in them the first is kept."""
    children: tuple[Child, ...] = ()
    """Sheets whose rows are parts of these records."""
    key: tuple[str, ...] = ()
    """Paths of the fields by which the rows of child sheets name their record."""


@dataclass(frozen=True, slots=True)
class DatasetFile:
    """What a dataset file says, or what was found out about data files that came without one."""

    name: str
    resources: tuple[ResourceFile, ...]
    title: str = ""
    folder: str = ""
    """Folder that relative names (a schema, a rates table) are looked up in."""
    file: str = ""
    """Path of the dataset file; empty where there is none."""
    schema: str = ""
    """Path or shipped name of the JSON Schema of the whole dataset, as written; empty where none is named."""
    rates: Mapping[str, Any] = field(default_factory=dict)
    """``path`` and whatever else the dataset file says about the rates table; empty where it names none."""
    regions: str = ""
    """Path of the table of countries and regions, as written."""
    notes: tuple[str, ...] = ()
    """Sentences about the data: what it is, its licence, its source."""
    findings: tuple[Finding, ...] = ()
    """What was noticed on the way, such as files that were left out."""
    hidden: tuple[Part, ...] = ()
    """Hidden sheets beside those that are seen; they are data only if the schema has their names."""
