"""Three native PivotTables, a slicer and a pivot chart over a register of 16 columns, against its data sheet.

The register is a CSV file. What the live parts cost is the difference to the same report with the data sheet
alone, which comes first; a column Year, which the pivots by year bring to the data sheet, is part of it. The
whole build is one subject; writing a plan that is made before is another. No other library was found that
writes PivotTables with their cells: the peer writes the data sheet, and nothing more.
"""

import itertools
import json
from pathlib import Path
from typing import Any

from tests.benchmarks import inputs
from tests.benchmarks.measure import Case, Job, Size, Subject
from tests.benchmarks.subjects.pivots_read_back import verify
from tests.benchmarks.subjects.read_files import csv_file
from tests.benchmarks.subjects.register import FORMATS, NAMES, columns

# ruff: noqa: PLC0415  # each process is to import the library that it measures and no other

__all__ = ["SUBJECTS"]

_MEASURES = {
    "number": {"title": "Contracts", "of": "register", "aggregate": "count"},
    "value": {
        "title": "Value of all",
        "of": "register",
        "aggregate": "sum",
        "field": "Value",
        "unit": "money",
    },
}
_PIVOTS: dict[str, dict[str, Any]] = {
    "groups": {
        "title": "By product group",
        "rows": ["Product group", "Cooperation", "Status"],
        "values": [
            {"measure": "number"},
            {"measure": "value"},
            {"measure": "value", "show": "share", "title": "Share"},
        ],
        "sort": {"by": 2},
    },
    "years": {
        "title": "By year",
        "rows": ["Country"],
        "columns": [{"field": "Signed", "by": "year", "title": "Year"}],
        "values": [{"measure": "value"}],
    },
    "forms": {
        "title": "By form",
        "rows": ["Cooperation"],
        "values": [{"measure": "value"}],
        "sort": {"by": 1},
    },
}


# --- ours -------------------------------------------------------------------------------------------


def _report(mode: str) -> Path:
    """Return a report definition: the data sheet, before it the pivots in a mode; its title is the mode."""

    def make(folder: Path) -> None:
        definition = _bare() if mode == "bare" else _with_pivots(mode)
        (folder / "report.json").write_text(json.dumps(definition), encoding="utf-8")

    return inputs.kept(f"pivots-{mode}", make) / "report.json"


def _bare() -> dict[str, Any]:
    return {
        "name": "bare",
        "title": "bare",
        "tables": {"register": {"title": "Register", "from": "register"}},
        "sheets": [{"kind": "data", "name": "Data", "table": "register"}],
    }


def _with_pivots(mode: str) -> dict[str, Any]:
    bare = _bare()
    sheet = {
        "kind": "pivot",
        "name": "Pivots",
        "pivots": list(_PIVOTS),
        "charts": [{"kind": "bar", "title": "Value of all by form", "pivot": "forms"}],
        "slicers": ["Currency"] if mode == "native" else [],
    }
    return {
        **bare,
        "name": mode,
        "title": mode,
        "measures": _MEASURES,
        "pivots": {name: {**pivot, "mode": mode} for name, pivot in _PIVOTS.items()},
        "sheets": [sheet, *bare["sheets"]],
    }


def _build(mode: str) -> Any:
    def prepare(size: Size) -> Job:
        from tests.benchmarks.subjects.building import build_in_stages

        report, register = _report(mode), csv_file(size)
        return lambda path: build_in_stages(report, register, path, _schema(register))

    return prepare


def _write(mode: str) -> Any:
    def prepare(size: Size) -> Job:
        from xlreport.backends import xlsx
        from xlreport.pipeline import Options, make_plan

        register = csv_file(size)
        plan = make_plan(_report(mode), register, Options(schema=_schema(register)))

        def job(path: Path) -> None:
            xlsx.write(plan, path)

        return job

    return prepare


def _schema(register: Path) -> Path:
    return register.with_name("register.schema.json")


# --- theirs -----------------------------------------------------------------------------------------


def _openpyxl(size: Size) -> Job:
    from openpyxl import Workbook

    from tests.benchmarks.subjects import by_openpyxl

    records = list(itertools.islice(zip(*columns(size.rows), strict=True), 0, None, size.step))

    def job(path: Path) -> None:
        book = Workbook(write_only=True)
        book.properties.title = "bare"
        sheet = by_openpyxl.sheet_of(book, "Data", NAMES)
        by_openpyxl.append_reused(sheet, FORMATS, records)
        by_openpyxl.add_table(sheet, len(records))
        book.save(path)

    return job


_NO_SLICER = "slicer, pivot chart"
SUBJECTS = (
    Subject(
        "pivots",
        "Build a data sheet, pivots and a chart",
        (
            Case("xlreport, data sheet alone", _build("bare"), "xlreport", "pivots, slicer, chart"),
            Case("xlreport, native pivots, slicer, chart", _build("native"), "xlreport"),
            Case("xlreport, formula pivots, chart", _build("formula"), "xlreport", _NO_SLICER),
        ),
        verify,
    ),
    Subject(
        "pivots-write",
        "Write a data sheet, pivots and a chart",
        (
            Case("xlreport, data sheet alone", _write("bare"), "xlreport", "pivots, slicer, chart"),
            Case("xlreport, native pivots, slicer, chart", _write("native"), "xlreport"),
            Case("xlreport, formula pivots, chart", _write("formula"), "xlreport", _NO_SLICER),
            Case(
                "openpyxl, write-only, data sheet alone",
                _openpyxl,
                "openpyxl",
                "pivots, slicer, chart",
                most_rows=5_000,
            ),
        ),
        verify,
    ),
)
