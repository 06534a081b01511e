"""Read registers: workbooks, JSON Lines, a JSON array and CSV.

A job opens a file, goes over all its records once and adds up their amounts, so that a reader that is
lazy does its work too. We give every record with its place in the file, amounts as decimals and values of
the types that the schema names. The files are made with other programs.
"""

import csv
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tests.benchmarks import inputs
from tests.benchmarks.measure import Case, Job, Size, Subject
from tests.benchmarks.subjects.register import DATES, FORMATS, NAMES, columns
from xlreport.resources import schemas_folder

# ruff: noqa: PLC0415  # each process is to import the library that it measures and no other

__all__ = ["SUBJECTS"]

Json = dict[str, Any]
Read = Callable[[], "Digest"]
Prepare = Callable[[Size], Job]

_MILESTONES = 5
"""Most milestones of a contract in the nested workbook."""
_MIDNIGHT = re.compile(r"[ T]00:00:00(\+00:00)?$")


@dataclass(frozen=True)
class Digest:
    """What a reader got, in short."""

    rows: int
    total: Decimal | float
    """Sum of the amounts."""
    first: Json
    last: Json

    def write(self, path: Path) -> None:
        """Leave it in a file, decimals and days as text."""
        path.write_text(json.dumps(vars(self), default=str, ensure_ascii=False), encoding="utf-8")


def _digest(records: Iterable[Json], amount: Callable[[Json], Any], zero: Decimal | float) -> Digest:
    rows, total = 0, zero
    first: Json = {}
    record: Json = {}
    for rows, record in enumerate(records, 1):  # noqa: B007  # the last ones are what is wanted
        total += amount(record)
        first = first or record
    return Digest(rows, total, first, record)


def _value(record: Json) -> Any:
    return record["Value"]


def _nested_value(record: Json) -> Any:
    return record["value"]["amount"]


def _job(read: Read) -> Job:
    return lambda path: read().write(path)


# --- the files --------------------------------------------------------------------------------------


def _flat_workbook(size: Size) -> Path:
    def make(folder: Path) -> None:
        import xlsxwriter

        with xlsxwriter.Workbook(folder / "register.xlsx") as book:
            formats = [book.add_format({"num_format": text}) for text in FORMATS]
            sheet = book.add_worksheet("register")
            sheet.write_row(0, 0, NAMES)
            for at, values in enumerate(columns(size.rows)):
                sheet.write_column(1, at, values, formats[at])
        _write_schema(folder)

    return inputs.kept(f"workbook-{size.rows}", make) / "register.xlsx"


def _csv_file(size: Size) -> Path:
    def make(folder: Path) -> None:
        with (folder / "register.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([NAMES, *zip(*columns(size.rows), strict=True)])
        _write_schema(folder)

    return inputs.kept(f"csv-{size.rows}", make) / "register.csv"


def _write_schema(folder: Path) -> None:
    kinds: dict[str, Json] = {"@": {}, "yyyy-mm-dd": {"format": "date"}}
    properties = {
        name: {"type": "string", **kinds[text]} if text in kinds else {"type": "number"}
        for name, text in zip(NAMES, FORMATS, strict=True)
    }
    (folder / "register.schema.json").write_text(json.dumps({"properties": properties}), encoding="utf-8")


def _json_lines(size: Size) -> Path:
    return inputs.sample(size) / "contracts.ndjson"


def _json_array(size: Size) -> Path:
    def make(folder: Path) -> None:
        lines = _json_lines(size).read_bytes().splitlines()
        (folder / "contracts.json").write_bytes(b"[" + b",\n".join(lines) + b"]\n")

    return inputs.kept(f"array-{size.rows}", make) / "contracts.json"


def _nested_workbook(size: Size) -> Path:
    def make(folder: Path) -> None:
        import xlsxwriter

        rows = [dict(_leaves(record, "")) for record in _short_records(size)]
        headings = sorted({heading for row in rows for heading in row}, key=_in_order)
        with xlsxwriter.Workbook(folder / "contracts.xlsx", {"strings_to_urls": False}) as book:
            sheet = book.add_worksheet("contracts")
            sheet.write_row(0, 0, headings)
            for at, row in enumerate(rows, 1):
                sheet.write_row(at, 0, [row.get(heading) for heading in headings])

    return inputs.kept(f"nested-workbook-{size.rows}", make) / "contracts.xlsx"


def _short_records(size: Size) -> Iterator[Json]:
    """Yield the contracts with their first milestones, without the other arrays."""
    for record in _nested_records(size):
        short = {name: member for name, member in record.items() if not isinstance(member, list)}
        yield short | {"milestones": record["milestones"][:_MILESTONES]} if "milestones" in record else short


def _nested_records(size: Size) -> Iterator[Json]:
    with _json_lines(size).open("rb") as lines:
        for line in lines:
            yield json.loads(line, parse_float=Decimal)


def _leaves(node: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield every value with its heading, such as ``milestones/0/dueDate``."""
    if not isinstance(node, dict | list):
        yield path, node
        return
    for name, child in node.items() if isinstance(node, dict) else enumerate(node):
        yield from _leaves(child, f"{path}/{name}" if path else str(name))


def _in_order(heading: str) -> tuple[bool, str]:
    return "/" in heading, heading


# --- ours -------------------------------------------------------------------------------------------


def _xlreport(file: Callable[[Size], Path], amount: Callable[[Json], Any], schema: str = "") -> Prepare:
    def prepare(size: Size) -> Job:
        from xlreport import registry, sources  # noqa: F401  # opening imports them, and is in the job
        from xlreport.pipeline import open_register

        path = file(size)
        named = path.with_name(schema) if schema else None

        def read() -> Digest:
            (resource,) = open_register(path, named).dataset.resources
            records = (record for batch in resource.batches() for record in batch.records)
            return _digest(records, amount, Decimal())

        return _job(read)

    return prepare


# --- workbooks --------------------------------------------------------------------------------------


def _flatten_tool(
    file: Callable[[Size], Path], amount: Callable[[Json], Any], schema: str | Path, *, source_map: bool
) -> Prepare:
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
            _digest(records, amount, Decimal()).write(result)

        return job

    return prepare


def _pandas_excel(engine: str) -> Prepare:
    def prepare(size: Size) -> Job:
        import pandas as pd

        pd.ExcelFile(_flat_workbook(Size(1)), engine=engine).close()  # imports the engine
        path = _flat_workbook(size)
        return _job(lambda: _of_frame(pd.read_excel(path, engine=engine)))

    return prepare


def _of_frame(frame: Any) -> Digest:
    first, last = (frame.iloc[at].to_dict() for at in (0, -1))
    return Digest(len(frame), float(frame["Value"].sum()), first, last)


def _openpyxl(size: Size) -> Job:
    import openpyxl

    path = _flat_workbook(size)

    def read() -> Digest:
        book = openpyxl.load_workbook(path, read_only=True)
        rows = book.active.iter_rows(values_only=True)
        names = next(rows)
        digest = _digest((dict(zip(names, row, strict=True)) for row in rows), _value, 0.0)
        book.close()
        return digest

    return _job(read)


# --- JSON -------------------------------------------------------------------------------------------


def _by_line(decode: Callable[[bytes], Json], zero: Decimal | float, size: Size) -> Job:
    path = _json_lines(size)

    def read() -> Digest:
        with path.open("rb") as lines:
            return _digest(map(decode, lines), _nested_value, zero)

    return _job(read)


def _json_by_line(size: Size) -> Job:
    return _by_line(json.loads, 0.0, size)


def _orjson_by_line(size: Size) -> Job:
    import orjson

    return _by_line(orjson.loads, 0.0, size)


def _msgspec_by_line(size: Size) -> Job:
    import msgspec

    return _by_line(msgspec.json.Decoder(float_hook=Decimal).decode, Decimal(), size)


def _pandas_json(file: Callable[[Size], Path], *, lines: bool) -> Prepare:
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
    path = _json_array(size)

    def read() -> Digest:
        with path.open("rb") as file:
            return _digest(json.load(file), _nested_value, 0.0)

    return _job(read)


def _ijson(size: Size) -> Job:
    import ijson

    path = _json_array(size)

    def read() -> Digest:
        with path.open("rb") as file:
            return _digest(ijson.items(file, "item"), _nested_value, Decimal())

    return _job(read)


# --- CSV --------------------------------------------------------------------------------------------


def _csv_reader(size: Size) -> Job:
    path = _csv_file(size)

    def read() -> Digest:
        with path.open(encoding="utf-8", newline="") as file:
            return _digest(csv.DictReader(file), lambda record: Decimal(record["Value"]), Decimal())

    return _job(read)


def _pandas_csv(size: Size) -> Job:
    import pandas as pd

    path = _csv_file(size)
    dates = [NAMES[at] for at in DATES]
    return _job(lambda: _of_frame(pd.read_csv(path, parse_dates=dates)))


def _pyarrow_csv(size: Size) -> Job:
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv as arrow_csv

    path = _csv_file(size)
    money = {
        name: pa.decimal128(18, 2) for name, text in zip(NAMES, FORMATS, strict=True) if text.endswith(".00")
    }

    def read() -> Digest:
        table = arrow_csv.read_csv(path, convert_options=arrow_csv.ConvertOptions(column_types=money))
        first, last = (table.slice(at, 1).to_pylist()[0] for at in (0, len(table) - 1))
        return Digest(len(table), pc.sum(table["Value"]).as_py(), first, last)

    return _job(read)


# --- whether it is right ----------------------------------------------------------------------------


@cache
def _flat_truth(size: Size) -> Digest:
    values = columns(size.rows)
    first, last = (dict(zip(NAMES, (column[at] for column in values), strict=True)) for at in (0, -1))
    return Digest(size.rows, sum(values[NAMES.index("Value")], Decimal()), first, last)


@cache
def _nested_truth(size: Size) -> Digest:
    return _digest(_nested_records(size), _nested_value, Decimal())


@cache
def _short_truth(size: Size) -> Digest:
    return _digest(_short_records(size), _nested_value, Decimal())


def _verify(truth: Callable[[Size], Digest]) -> Callable[[Path, Size], None]:
    """Compare the number of rows, the sum (exactly, if it is one of decimals), the first and last rows."""

    def verify(path: Path, size: Size) -> None:
        wanted, found = truth(size), json.loads(path.read_bytes())
        assert found["rows"] == wanted.rows
        if isinstance(found["total"], str):
            assert Decimal(found["total"]) == wanted.total
        else:
            assert math.isclose(found["total"], wanted.total, rel_tol=1e-9)
        _compare(wanted.first, found["first"], "first")
        _compare(wanted.last, found["last"], "last")

    return verify


def _compare(wanted: Any, found: Any, path: str) -> None:
    """Compare values: numbers to the cent, days less their midnight, what is empty like what is absent."""
    if isinstance(wanted, Mapping):
        for name in {**wanted, **found}:
            _compare(wanted.get(name), found.get(name), f"{path}/{name}")
    elif isinstance(wanted, list):
        assert len(wanted) == len(found), path
        for at, (one, other) in enumerate(zip(wanted, found, strict=True)):
            _compare(one, other, f"{path}/{at}")
    elif wanted is None:
        assert found is None or found != found, path  # noqa: PLR0124  # a number that is none
    elif isinstance(wanted, int | Decimal):
        assert abs(Decimal(str(found)) - wanted) < Decimal("0.005"), path
    else:
        assert _MIDNIGHT.sub("", str(found)) == str(wanted), path


_PLACE = "place in the file"
_FLOATS = "decimals"
_SCHEMA = "register.schema.json"
_CONTRACT = schemas_folder() / "contract.schema.json"
SUBJECTS = (
    Subject(
        "read-xlsx",
        "Read a workbook of 16 columns",
        (
            Case("xlreport", _xlreport(_flat_workbook, _value, _SCHEMA), "xlreport"),
            Case("pandas, calamine", _pandas_excel("calamine"), "pandas", f"{_PLACE}, {_FLOATS}"),
            Case("openpyxl, read-only", _openpyxl, "openpyxl", f"{_PLACE}, {_FLOATS}"),
            Case("pandas, openpyxl", _pandas_excel("openpyxl"), "pandas", f"{_PLACE}, {_FLOATS}"),
            Case(
                "flatten-tool",
                _flatten_tool(_flat_workbook, _value, _SCHEMA, source_map=False),
                "flattentool",
                _PLACE,
                most_runs=1,
            ),
            Case(
                "flatten-tool, cell source map",
                _flatten_tool(_flat_workbook, _value, _SCHEMA, source_map=True),
                "flattentool",
                most_runs=1,
            ),
        ),
        _verify(_flat_truth),
        rows=20_000,
        result="digest.json",
        needs=("XlsxWriter",),
    ),
    Subject(
        "read-xlsx-nested",
        "Read a workbook of nested contracts",
        (
            Case("xlreport", _xlreport(_nested_workbook, _nested_value), "xlreport"),
            Case(
                "flatten-tool",
                _flatten_tool(_nested_workbook, _nested_value, _CONTRACT, source_map=False),
                "flattentool",
                _PLACE,
                most_runs=1,
            ),
            Case(
                "flatten-tool, cell source map",
                _flatten_tool(_nested_workbook, _nested_value, _CONTRACT, source_map=True),
                "flattentool",
                most_runs=1,
            ),
        ),
        _verify(_short_truth),
        rows=5_000,
        result="digest.json",
        needs=("XlsxWriter",),
    ),
    Subject(
        "read-ndjson",
        "Read nested contracts from JSON Lines",
        (
            Case("xlreport", _xlreport(_json_lines, _nested_value), "xlreport"),
            Case("orjson by line", _orjson_by_line, "orjson", f"{_PLACE}, {_FLOATS}"),
            Case("msgspec by line", _msgspec_by_line, "msgspec", _PLACE),
            Case("json by line", _json_by_line, "", f"{_PLACE}, {_FLOATS}"),
            Case("pandas", _pandas_json(_json_lines, lines=True), "pandas", f"{_PLACE}, {_FLOATS}"),
        ),
        _verify(_nested_truth),
        result="digest.json",
    ),
    Subject(
        "read-json",
        "Read nested contracts from a JSON array",
        (
            Case("xlreport", _xlreport(_json_array, _nested_value), "xlreport"),
            Case("json", _json_load, "", f"{_PLACE}, {_FLOATS}"),
            Case("ijson", _ijson, "ijson", _PLACE),
            Case("pandas", _pandas_json(_json_array, lines=False), "pandas", f"{_PLACE}, {_FLOATS}"),
        ),
        _verify(_nested_truth),
        result="digest.json",
    ),
    Subject(
        "read-csv",
        "Read a CSV file of 16 columns",
        (
            Case("xlreport", _xlreport(_csv_file, _value, _SCHEMA), "xlreport"),
            Case("pyarrow", _pyarrow_csv, "pyarrow", f"{_PLACE}, records (columns only)"),
            Case("pandas", _pandas_csv, "pandas", f"{_PLACE}, records (columns only), {_FLOATS}"),
            Case("csv.DictReader", _csv_reader, "", f"{_PLACE}, types (all is text)"),
        ),
        _verify(_flat_truth),
        rows=200_000,
        result="digest.json",
    ),
)
