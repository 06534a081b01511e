"""Read registers: workbooks, JSON Lines, a JSON array and CSV.

A job opens a file, goes over all its records once and adds up their amounts, so that a reader that is
lazy does its work too. We give every record with its place in the file, amounts as decimals and values of
the types that the schema names. The files are made with other programs.

On CSV the readers of columns win by far: they make no records.
"""

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Case, Job, Size, Subject
from tests.benchmarks.subjects.read_files import (
    Digest,
    Json,
    csv_file,
    digest,
    flat_workbook,
    json_array,
    json_lines,
    nested_value,
    nested_workbook,
    value,
    verify_flat,
    verify_nested,
    verify_short,
)
from tests.benchmarks.subjects.register import DATES, FORMATS, NAMES
from xlreport.resources import schemas_folder

# ruff: noqa: PLC0415  # each process is to import the library that it measures and no other

__all__ = ["SUBJECTS"]

Read = Callable[[], Digest]
Prepare = Callable[[Size], Job]
File = Callable[[Size], Path]
Amount = Callable[[Json], Any]


def _job(read: Read) -> Job:
    return lambda path: read().write(path)


# --- ours -------------------------------------------------------------------------------------------


def _xlreport(file: File, amount: Amount, schema: str = "") -> Prepare:
    def prepare(size: Size) -> Job:
        from xlreport import registry, sources  # noqa: F401  # opening imports them, and is in the job
        from xlreport.pipeline import open_register

        path = file(size)
        named = path.with_name(schema) if schema else None

        def read() -> Digest:
            (resource,) = open_register(path, named).dataset.resources
            records = (record for batch in resource.batches() for record in batch.records)
            return digest(records, amount, Decimal())

        return _job(read)

    return prepare


# --- workbooks --------------------------------------------------------------------------------------


def _flatten_tool(file: File, amount: Amount, schema: str | Path, *, source_map: bool) -> Prepare:
    """Unflatten into a JSON file, and load that: flatten-tool gives nothing else."""

    def prepare(size: Size) -> Job:
        import flattentool

        path = file(size)

        def job(result: Path) -> None:
            unflattened = result.with_suffix(".unflattened")
            maps = {"cell_source_map": str(result.with_suffix(".cells"))} if source_map else {}
            flattentool.unflatten(
                str(path),
                input_format="xlsx",
                output_name=str(unflattened),
                root_list_path=path.stem,
                root_id="",
                schema=str(path.parent / schema),
                **maps,
            )
            records = json.loads(unflattened.read_bytes(), parse_float=Decimal)[path.stem]
            digest(records, amount, Decimal()).write(result)

        return job

    return prepare


def _pandas_excel(engine: str) -> Prepare:
    def prepare(size: Size) -> Job:
        import pandas as pd

        pd.ExcelFile(flat_workbook(Size(1)), engine=engine).close()  # imports the engine
        path = flat_workbook(size)
        return _job(lambda: _of_frame(pd.read_excel(path, engine=engine)))

    return prepare


def _of_frame(frame: Any) -> Digest:
    first, last = (frame.iloc[at].to_dict() for at in (0, -1))
    return Digest(len(frame), float(frame["Value"].sum()), first, last)


def _openpyxl(size: Size) -> Job:
    import openpyxl

    path = flat_workbook(size)

    def read() -> Digest:
        book = openpyxl.load_workbook(path, read_only=True)
        rows = book.active.iter_rows(values_only=True)
        names = next(rows)
        read_rows = digest((dict(zip(names, row, strict=True)) for row in rows), value, 0.0)
        book.close()
        return read_rows

    return _job(read)


# --- JSON -------------------------------------------------------------------------------------------


def _by_line(decode: Callable[[bytes], Json], zero: Decimal | float, size: Size) -> Job:
    path = json_lines(size)

    def read() -> Digest:
        with path.open("rb") as lines:
            return digest(map(decode, lines), nested_value, zero)

    return _job(read)


def _json_by_line(size: Size) -> Job:
    return _by_line(json.loads, 0.0, size)


def _orjson_by_line(size: Size) -> Job:
    import orjson

    return _by_line(orjson.loads, 0.0, size)


def _msgspec_by_line(size: Size) -> Job:
    import msgspec

    return _by_line(msgspec.json.Decoder(float_hook=Decimal).decode, Decimal(), size)


def _pandas_json(file: File, *, lines: bool) -> Prepare:
    def prepare(size: Size) -> Job:
        import pandas as pd

        path = file(size)

        def read() -> Digest:
            frame = pd.read_json(path, lines=lines)
            first, last = (frame.iloc[at].to_dict() for at in (0, -1))
            total = sum(value["amount"] for value in frame["value"])
            return Digest(len(frame), float(total), first, last)

        return _job(read)

    return prepare


def _json_load(size: Size) -> Job:
    path = json_array(size)

    def read() -> Digest:
        with path.open("rb") as file:
            return digest(json.load(file), nested_value, 0.0)

    return _job(read)


def _ijson(size: Size) -> Job:
    import ijson

    path = json_array(size)

    def read() -> Digest:
        with path.open("rb") as file:
            return digest(ijson.items(file, "item"), nested_value, Decimal())

    return _job(read)


# --- CSV --------------------------------------------------------------------------------------------


def _csv_reader(size: Size) -> Job:
    path = csv_file(size)

    def read() -> Digest:
        with path.open(encoding="utf-8", newline="") as file:
            return digest(csv.DictReader(file), lambda record: Decimal(record["Value"]), Decimal())

    return _job(read)


def _pandas_csv(size: Size) -> Job:
    import pandas as pd

    path = csv_file(size)
    dates = [NAMES[at] for at in DATES]
    return _job(lambda: _of_frame(pd.read_csv(path, engine="c", parse_dates=dates)))


def _pyarrow_csv(size: Size) -> Job:
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv as arrow_csv

    path = csv_file(size)
    money = {
        name: pa.decimal128(18, 2) for name, text in zip(NAMES, FORMATS, strict=True) if text.endswith(".00")
    }

    def read() -> Digest:
        table = arrow_csv.read_csv(path, convert_options=arrow_csv.ConvertOptions(column_types=money))
        first, last = (table.slice(at, 1).to_pylist()[0] for at in (0, len(table) - 1))
        return Digest(len(table), pc.sum(table["Value"]).as_py(), first, last)

    return _job(read)


# --- the subjects -----------------------------------------------------------------------------------

_PLACE = "place in the file"
_FLOATS = "decimals"
_SCHEMA = "register.schema.json"
_CONTRACT = schemas_folder() / "contract.schema.json"
SUBJECTS = (
    Subject(
        "read-xlsx",
        "Read a workbook of 16 columns",
        (
            Case("xlreport", _xlreport(flat_workbook, value, _SCHEMA), "xlreport"),
            Case("pandas, calamine", _pandas_excel("calamine"), "pandas", f"{_PLACE}, {_FLOATS}"),
            Case("openpyxl, read-only", _openpyxl, "openpyxl", f"{_PLACE}, {_FLOATS}"),
            Case("pandas, openpyxl", _pandas_excel("openpyxl"), "pandas", f"{_PLACE}, {_FLOATS}"),
            Case(
                "flatten-tool",
                _flatten_tool(flat_workbook, value, _SCHEMA, source_map=False),
                "flattentool",
                _PLACE,
                most_runs=1,
            ),
            Case(
                "flatten-tool, cell source map",
                _flatten_tool(flat_workbook, value, _SCHEMA, source_map=True),
                "flattentool",
                most_runs=1,
            ),
        ),
        verify_flat,
        rows=20_000,
        result="digest.json",
    ),
    Subject(
        "read-xlsx-nested",
        "Read a workbook of nested contracts",
        (
            Case("xlreport", _xlreport(nested_workbook, nested_value), "xlreport"),
            Case(
                "flatten-tool",
                _flatten_tool(nested_workbook, nested_value, _CONTRACT, source_map=False),
                "flattentool",
                _PLACE,
                most_runs=1,
            ),
            Case(
                "flatten-tool, cell source map",
                _flatten_tool(nested_workbook, nested_value, _CONTRACT, source_map=True),
                "flattentool",
                most_runs=1,
            ),
        ),
        verify_short,
        rows=5_000,
        result="digest.json",
    ),
    Subject(
        "read-ndjson",
        "Read nested contracts from JSON Lines",
        (
            Case("xlreport", _xlreport(json_lines, nested_value), "xlreport"),
            Case("orjson by line", _orjson_by_line, "orjson", f"{_PLACE}, {_FLOATS}"),
            Case("msgspec by line", _msgspec_by_line, "msgspec", _PLACE),
            Case("json by line", _json_by_line, "", f"{_PLACE}, {_FLOATS}"),
            Case("pandas", _pandas_json(json_lines, lines=True), "pandas", f"{_PLACE}, {_FLOATS}"),
        ),
        verify_nested,
        result="digest.json",
    ),
    Subject(
        "read-json",
        "Read nested contracts from a JSON array",
        (
            Case("xlreport", _xlreport(json_array, nested_value), "xlreport"),
            Case("json", _json_load, "", f"{_PLACE}, {_FLOATS}"),
            Case("ijson", _ijson, "ijson", _PLACE),
            Case("pandas", _pandas_json(json_array, lines=False), "pandas", f"{_PLACE}, {_FLOATS}"),
        ),
        verify_nested,
        result="digest.json",
    ),
    Subject(
        "read-csv",
        "Read a CSV file of 16 columns",
        (
            Case("xlreport", _xlreport(csv_file, value, _SCHEMA), "xlreport"),
            Case("pyarrow", _pyarrow_csv, "pyarrow", f"{_PLACE}, records (columns only)"),
            Case("pandas, C engine", _pandas_csv, "pandas", f"{_PLACE}, records (columns only), {_FLOATS}"),
            Case("csv.DictReader", _csv_reader, "", f"{_PLACE}, types (all is text)"),
        ),
        verify_flat,
        rows=200_000,
        result="digest.json",
    ),
)
