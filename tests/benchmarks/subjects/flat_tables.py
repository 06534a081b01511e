"""Turn sizes into the flat tables of a sample register, as Arrow files that are kept from run to run.

They have the columns that the report asks for.

Making them is never measured, and of a million contracts it takes a while, so they stay in the system's
folder for temporary files until the sample or the way to flatten it changes. The register is checked in
parts, so that its size is no matter of memory.
"""

import contextlib
import hashlib
import itertools
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import xlreport
from xlreport.analysis.analyse import Inputs
from xlreport.analysis.rates import RateTable
from xlreport.analysis.regions import Regions
from xlreport.pipeline import check, open_register
from xlreport.resources import schemas_folder, workbooks_folder
from xlreport.sample import write_sample
from xlreport.sources.rates import read_rates
from xlreport.sources.regions import read_regions
from xlreport.spec import load_report, wanted_columns
from xlreport.tables import Column, Kind, Table

__all__ = ["REPORT", "arrow_tables", "inputs", "rates", "regions"]

REPORT = "annual-results"
_PART = 20_000
"""Contracts that are checked at once."""
_ABOUT = "about.json"
_COUNTED = ("record", "row")
"""Columns beside those of the record: the positions of the record and of the row."""
_TYPES: Mapping[Kind, Any] = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.DECIMAL: pa.decimal128(18, 3),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.DATETIME: pa.timestamp("us"),
}


# --- as the analysis and the engine want them -------------------------------------------------------


def inputs(rows: int) -> Inputs:
    """Return what xlreport analyses."""
    about = _about(rows)["tables"]
    tables = {name: _flat_table(arrow, about[name]) for name, arrow in arrow_tables(rows).items()}
    return Inputs(tables, regions(), rates(rows))


def _flat_table(arrow: pa.Table, about: Mapping[str, Any]) -> Table:
    return Table(
        name=about["name"],
        title=about["title"],
        columns=tuple(Column(**{**column, "kind": Kind(column["kind"])}) for column in about["columns"]),
        data={name: _held(arrow[name]) for name in arrow.column_names if name not in _COUNTED},
        positions=arrow["record"],
        parent=about["parent"],
        primary_key=tuple(about["primary_key"]),
    )


def _held(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as checking leaves it: decimals have no more places than they need."""
    if pa.types.is_decimal(column.type):
        for places in (0, 2):
            with contextlib.suppress(pa.ArrowInvalid):
                return column.cast(pa.decimal128(18, places))
    return column


def arrow_tables(rows: int, wanted: Mapping[str, tuple[str, ...]] | None = None) -> dict[str, pa.Table]:
    """Return the tables, or the ``wanted`` columns of some; ``record`` and ``row`` count from 0."""
    folder = _folder(rows)
    names = wanted or _about(rows)["tables"]
    return {name: _read(folder / _file(name), wanted[name] if wanted else None) for name in names}


def rates(rows: int) -> RateTable:
    """Return the exchange rates."""
    return read_rates(_about(rows)["rates"], str(_folder(rows)))


def regions() -> Regions:
    """Return the countries and regions."""
    return read_regions(workbooks_folder() / "regions.csv")


def _read(path: Path, columns: tuple[str, ...] | None) -> pa.Table:
    with pa.OSFile(str(path)) as file:
        schema = pa.ipc.open_file(file).schema
        fields = None if columns is None else [schema.get_field_index(name) for name in columns]
        return pa.ipc.open_file(file, options=pa.ipc.IpcReadOptions(included_fields=fields)).read_all()


def _about(rows: int) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_folder(rows) / _ABOUT).read_text(encoding="utf-8"))
    return content


# --- making them ------------------------------------------------------------------------------------


def _folder(rows: int) -> Path:
    kept = Path(tempfile.gettempdir()) / "xlreport-bench-tables" / f"{rows}-{_fingerprint()}"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=kept.parent))
        _make(made, rows)
        made.rename(kept)
    return kept


def _fingerprint() -> str:
    """Return a text that changes with everything that the tables are made by."""
    package = Path(xlreport.__file__).parent
    parts = ("sample", "sources", "checks", "spec")
    programs = (path for part in parts for path in package.glob(f"{part}/*.py"))
    modules = (package / name for name in ("arrays.py", "fields.py", "subschemas.py", "tables.py"))
    report = workbooks_folder() / REPORT / "report.json"
    files = [Path(__file__), *programs, *modules, *schemas_folder().glob("*.json"), report]
    digests = (hashlib.sha256(path.read_bytes()).digest() for path in sorted(files))
    return hashlib.sha256(b"".join(digests)).hexdigest()[:12]


def _make(folder: Path, rows: int) -> None:
    with tempfile.TemporaryDirectory() as sample, contextlib.ExitStack() as files:
        write_sample(sample, contracts=rows)
        wanted = wanted_columns(load_report(REPORT))
        writers: dict[str, pa.RecordBatchFileWriter] = {}
        about: dict[str, Any] = {}
        counted: dict[str, int] = {}
        for number, part in enumerate(_parts(Path(sample))):
            register = open_register(part)
            for name, table in check(register, wanted=wanted).tables.items():
                if name == "partners" and number:  # every part has all of them
                    continue
                arrow = _counted(table, number * _PART, counted.get(name, 0))
                counted[name] = counted.get(name, 0) + len(table)
                if name not in writers:
                    writer = pa.ipc.new_file(str(folder / _file(name)), arrow.schema)
                    writers[name] = files.enter_context(writer)
                    about[name] = _described(table)
                writers[name].write_table(arrow)
        shutil.copy(Path(sample) / "rates.csv", folder)
        described = {"tables": about, "rates": dict(register.dataset.rates)}
        (folder / _ABOUT).write_text(json.dumps(described), encoding="utf-8")


def _parts(sample: Path) -> Iterator[Path]:
    """Yield the folder again and again, each time with the next contracts in it."""
    whole = sample / "whole"
    (sample / "contracts.ndjson").rename(whole)
    with whole.open("rb") as lines:
        while part := list(itertools.islice(lines, _PART)):
            (sample / "contracts.ndjson").write_bytes(b"".join(part))
            yield sample


def _counted(table: Table, first_record: int, first_row: int) -> pa.Table:
    arrays = {name: cells.cast(_TYPES[table.column(name).kind]) for name, cells in table.data.items()}
    arrays["record"] = pc.add(table.positions.cast(pa.int64()), first_record)
    arrays["row"] = pa.array(range(first_row, first_row + len(table)), pa.int64())
    return pa.table(arrays)


def _described(table: Table) -> dict[str, Any]:
    columns = [asdict(column) for column in table.columns]
    return {
        "name": table.name,
        "title": table.title,
        "columns": columns,
        "parent": table.parent,
        "primary_key": table.primary_key,
    }


def _file(name: str) -> str:
    return f"{name.replace('/', '.')}.arrow"
