"""Build the workbook of annual results from a register, against the pipeline that is usually written.

`tests.benchmarks.usual` is that pipeline. It makes the same figures and about the same sheets, and it is run
with jsonschema, which is what most would take, and with jsonschema-rs, which is the quickest there is. It is
given all rows, if only once: not all of its work grows with the contracts, so scaling would overstate it.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.benchmarks import inputs
from tests.benchmarks.measure import Case, Job, Size, Subject
from tests.witness import Settings, facts, inside, total
from xlreport.resources import schemas_folder, workbooks_folder

# ruff: noqa: PLC0415  # each process is to import the library that it measures and no other

__all__ = ["SUBJECTS"]

Errors = Callable[[Mapping[str, Any]], Iterator[tuple[str, str]]]

_YEAR = "2017"
"""The last of the sample, whatever its size."""


# --- ours -------------------------------------------------------------------------------------------


def _xlreport(size: Size) -> Job:
    from tests.benchmarks.subjects.building import build_in_stages

    folder = inputs.sample(size)
    return lambda path: build_in_stages("annual-results", folder, path)


# --- theirs -----------------------------------------------------------------------------------------


def _usual(errors: Callable[[Any], Errors]) -> Callable[[Size], Job]:
    def prepare(size: Size) -> Job:
        import openpyxl  # noqa: F401  # pandas looks for it
        import xlsxwriter  # noqa: F401  # pandas imports it in the job

        from tests.benchmarks.usual import build

        folder = _with_regions(size)
        contract, partner = map(_schema, ("contract", "partner"))

        def job(path: Path) -> None:
            build(folder, path, errors(contract), errors(partner))

        return job

    return prepare


def _with_regions(size: Size) -> Path:
    def make(folder: Path) -> None:
        shutil.copytree(inputs.sample(size), folder, dirs_exist_ok=True)
        shutil.copy(workbooks_folder() / "regions.csv", folder)

    return inputs.kept(f"usual-{size.rows}-{size.step}", make)


def _schema(name: str) -> Any:
    return json.loads((schemas_folder() / f"{name}.schema.json").read_bytes())


def _by_jsonschema(schema: Any) -> Errors:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return lambda record: ((error.json_path, error.message) for error in validator.iter_errors(record))


def _by_jsonschema_rs(schema: Any) -> Errors:
    import jsonschema_rs

    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    return lambda record: (
        (str(error.instance_path), error.message) for error in validator.iter_errors(record)
    )


# --- whether it is right ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Headline:
    """The figures of the last year that every workbook must have."""

    signed_value: float
    """In dollars."""
    contracts: float
    countries: float
    contributors: float


_LABELS = ("Signed value", "Contracts signed", "Customer countries", "Contributing enterprises")


@cache
def _truth(size: Size) -> Headline:
    """Work the figures out once more, with the tests' own witness and with fractions."""
    known = facts(inputs.sample(size), Settings())
    days = known.periods[-1]
    signed = [row for row in known.contracts if row.firm and inside(row.signed, days)]
    active = {
        row.partner
        for row in known.contributions
        if row.contract.signed <= days[1]
        and (row.contract.active_to is None or row.contract.active_to >= days[0])
    }
    value = total(signed) or 0
    return Headline(float(value), len(signed), len({row.code for row in signed} - {None}), len(active))


def verify(path: Path, size: Size) -> None:
    """Hold the headline figures of the workbook against the truth: ours to the cent, floats to a dollar."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    found, wanted = _headline(book.get_sheet_by_name("Summary").to_python()), _truth(size)
    exact = "Statement" in book.sheet_names
    assert abs(found.signed_value - wanted.signed_value) < (0.005 if exact else 1), (found, wanted)
    assert replace(found, signed_value=wanted.signed_value) == wanted
    assert len(book.get_sheet_by_name("Contract data").to_python()) >= size.taken


def _headline(rows: list[list[Any]]) -> Headline:
    column = next(row.index(_YEAR) for row in rows if _YEAR in row)
    filled = [row for row in rows if isinstance(row[column], float)]
    values = {str(row[0]).partition(",")[0]: row[column] for row in reversed(filled)}
    return Headline(*(values[label] for label in _LABELS))


_LACKS = "cell of an error, exact money, live checks, statement, definitions, charts"
SUBJECTS = (
    Subject(
        "job",
        "Build the annual results",
        (
            Case("xlreport", _xlreport, "xlreport"),
            Case(
                "pandas, jsonschema-rs, XlsxWriter",
                _usual(_by_jsonschema_rs),
                "pandas",
                _LACKS,
                most_runs=1,
            ),
            Case("pandas, jsonschema, XlsxWriter", _usual(_by_jsonschema), "pandas", _LACKS, most_runs=1),
        ),
        verify,
    ),
)
