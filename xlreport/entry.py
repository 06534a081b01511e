"""Make the entry form of a schema: read the schema, fill in records if there are any, plan, write.

The form is a workbook in which people fill in records, see `layout.entry`. What they have filled in is read
like any other spreadsheet.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xlreport import pipeline
from xlreport.errors import UsageError
from xlreport.files import refuse_input
from xlreport.findings import Finding, Findings, Severity
from xlreport.languages import load_language
from xlreport.register import Data, Register, open_register
from xlreport.sentences import Listed, Name, Sentence
from xlreport.styles import DEFAULT_THEME
from xlreport.text import listing, shown

if TYPE_CHECKING:
    from xlreport.layout.entry.book import FormBook
    from xlreport.layout.entry.filling import Rows
    from xlreport.plan import WorkbookPlan
    from xlreport.registry import ResourceSchema, Schema

__all__ = ["ROWS", "FormDelivery", "make_form", "plan_form"]

ROWS: Final = 10_000
"""Rows of each sheet that are ready to be filled in, unless asked for otherwise."""


@dataclass(frozen=True, slots=True)
class FormDelivery:
    """What was written where."""

    path: Path
    size: int
    """Bytes."""
    sha256: str
    sheets: int
    records: Mapping[str, int]
    """Records that the form is filled with, by resource."""
    findings: Findings
    """What of them the form does not hold as it was."""


def make_form(
    schema: str | Path,
    output: str | Path,
    *,
    data: Data | None = None,
    language: str = "en",
    theme: str | Path = "",
    rows: int = ROWS,
) -> FormDelivery:
    """Write the entry form of a schema, filled with the records of ``data`` where there are any.

    SchemaError where the schema is none, or no form can hold its records; UsageError for a wrong call.
    """
    path = Path(output)
    named: list[str | Path] = [schema, *([theme] if theme else [])]
    plan, filled = _planned(schema, data, language, theme, rows)
    refuse_input(path, [*named, *filled.files])
    pipeline.write(plan, path)
    content = path.read_bytes()
    sha = hashlib.sha256(content).hexdigest()
    return FormDelivery(path, len(content), sha, len(plan.sheets), filled.records, filled.findings)


def plan_form(
    schema: str | Path,
    *,
    data: Data | None = None,
    language: str = "en",
    theme: str | Path = "",
    rows: int = ROWS,
) -> "WorkbookPlan":
    """Return what the entry form of a schema will be, settled to the last cell, without writing it."""
    return _planned(schema, data, language, theme, rows)[0]


@dataclass(frozen=True, slots=True)
class _Filled:
    """What a form is filled with."""

    rows: "Mapping[tuple[str, str], Rows]"
    """By resource and array."""
    records: Mapping[str, int]
    findings: Findings
    files: tuple[str, ...] = ()


def _planned(
    schema: str | Path, data: Data | None, language: str, theme: str | Path, rows: int
) -> "tuple[WorkbookPlan, _Filled]":
    from xlreport.as_of import EARLIEST, as_of  # import cost
    from xlreport.layout.entry.form import form_book, lay_out_form  # import cost
    from xlreport.registry import load_schema  # import cost
    from xlreport.themes import load_theme  # import cost

    if rows < 1:
        message = f"rows is {rows}; a form has at least 1."
        raise UsageError(message)
    loaded = load_schema(schema)
    register = None if data is None else open_register(data, schema)
    resources = _resources(loaded, register)
    look = load_theme(theme) if theme else DEFAULT_THEME
    book = form_book(resources, rows, load_language(language), look)
    filled = _filled(register, book) if register else _Filled({}, {}, Findings())
    title = str(loaded.document.get("title") or "") if len(resources) > 1 else ""
    title = title or listing(resource.title for resource in resources.values())
    return lay_out_form(book, filled.rows, title, as_of(None, EARLIEST), look.organisation), filled


def _resources(schema: "Schema", register: Register | None) -> "Mapping[str, ResourceSchema]":
    """Return what the schema describes: of a schema of one record, by the names of the data."""
    from xlreport.registry import resources_of  # import cost

    described = resources_of(schema)
    if register and not set(register.dataset.names) & set(described):
        return register.schemas or described
    return described


def _filled(register: Register, book: "FormBook") -> _Filled:
    from xlreport.layout.entry.filling import fill  # import cost

    rows: dict[tuple[str, str], Rows] = {}
    records: dict[str, int] = {}
    findings = Findings(register.dataset.findings)
    for name in register.dataset.names:
        if name not in book.resources:
            findings.add(_left_out(name, list(book.resources)))
            continue
        batches = list(register.dataset[name].batches())
        sheets, found = fill(book, name, batches)
        findings.extend(finding for batch in batches for finding in batch.findings)
        findings.extend(found)
        rows |= {(name, array): each for array, each in sheets.items()}
        records[name] = sheets[""].height
    return _Filled(rows, records, findings, register.dataset.files)


def _left_out(name: str, known: list[str]) -> Finding:
    return Finding(
        code="not-in-form",
        severity=Severity.WARNING,
        message=Sentence(
            "The form has no sheet for {name}; it has {sheets}.",
            name=Name(shown(name)),
            sheets=Listed(map(Name, known)),
        ),
        hint=Sentence("Give a schema that describes them."),
        table=name,
        group=name,
    )
