"""Read a workbook whose arrays have sheets of their own, with the cell of every value, or without.

A job joins the rows of the child sheets to their records and goes over all records once; with the map it also
leaves a file that names sheet and cell of every value. The workbook is made with another program, and the
records and the map are compared, value for value, with those that it was made from.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tests.benchmarks import inputs
from tests.benchmarks.measure import Case, Job, Size, Subject
from xlreport.resources import schemas_folder

# ruff: noqa: PLC0415  # each process is to import the library that it measures and no other

__all__ = ["SUBJECTS", "contracts_workbook"]

Json = dict[str, Any]
Cell = tuple[str, str]
"""Sheet and address."""


def contracts_workbook(size: Size) -> Path:
    """Return a workbook of contracts: one sheet of records, and one for each of their arrays."""

    def make(folder: Path) -> None:
        import xlsxwriter

        with xlsxwriter.Workbook(folder / "contracts.xlsx", {"strings_to_urls": False}) as book:
            for name, rows in _sheets(size).items():
                sheet = book.add_worksheet(name)
                for at, row in enumerate(rows):
                    sheet.write_row(at, 0, row)

    return inputs.kept(f"sheets-{size.rows}", make) / "contracts.xlsx"


def _records(size: Size) -> Iterator[Json]:
    with (inputs.sample(size) / "contracts.ndjson").open("rb") as lines:
        for line in lines:
            yield json.loads(line, parse_float=Decimal)


def _sheets(size: Size) -> dict[str, list[list[Any]]]:
    """Return the rows of each sheet, its headings first."""
    tables: dict[str, list[dict[str, Any]]] = {"contracts": []}
    for record in _records(size):
        tables["contracts"].append(
            dict(_leaves({k: v for k, v in record.items() if not isinstance(v, list)}))
        )
        for name in (each for each, value in record.items() if isinstance(value, list)):
            for item in record[name]:
                values = {f"{name}/0/{path}": value for path, value in _leaves(item)}
                tables.setdefault(name, []).append({"id": record["id"], **values})
    return {name: _with_headings(rows) for name, rows in tables.items()}


def _with_headings(rows: list[dict[str, Any]]) -> list[list[Any]]:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return [headings, *([row.get(heading) for heading in headings] for row in rows)]


def _leaves(node: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, child in node.items():
        if isinstance(child, Mapping):
            yield from _leaves(child, f"{path}{name}/")
        else:
            yield f"{path}{name}", child


@cache
def _map(size: Size) -> dict[str, Cell]:
    """Return the cell of every value: ``12/milestones/0/dueDate`` -> sheet and address."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    found: dict[str, Cell] = {}
    positions: dict[str, int] = {}
    for name, (headings, *rows) in _sheets(size).items():
        counts: dict[str, int] = {}
        for at, row in enumerate(rows, 1):
            key = str(row[headings.index("id")])
            position = positions.setdefault(key, len(positions))
            item = counts[key] = counts.get(key, -1) + 1
            for column, (heading, value) in enumerate(zip(headings, row, strict=True)):
                if value is not None and (name == "contracts" or heading != "id"):
                    path = heading.replace(f"{name}/0/", f"{name}/{item}/")
                    found[f"{position}/{path}"] = name, xl_rowcol_to_cell(at, column)
    return found


# --- readers ----------------------------------------------------------------------------------------


def _xlreport(*, cells: bool) -> Any:
    def prepare(size: Size) -> Job:
        from xlreport import registry, sources  # noqa: F401  # opening imports them, and is in the job
        from xlreport.cell_map import cells_of
        from xlreport.pipeline import open_register

        path = contracts_workbook(size)

        def job(result: Path) -> None:
            (resource,) = open_register(path, "dataset").dataset.resources
            records: list[Json] = []
            with result.with_suffix(".tsv").open("w", encoding="utf-8") if cells else nullcontext() as file:
                for batch in resource.batches():
                    start = len(records)
                    records += batch.records
                    if file:
                        file.writelines(
                            f"{start + position}/{'/'.join(map(str, steps))}\t{sheet}\t{cell}\n"
                            for position, steps, sheet, cell in cells_of(batch)
                        )
            _write(records, result)

        return job

    return prepare


def _flatten_tool(*, cells: bool) -> Any:
    """Unflatten into a JSON file, and load that: flatten-tool gives nothing else."""

    def prepare(size: Size) -> Job:
        import flattentool

        path = contracts_workbook(size)

        def job(result: Path) -> None:
            unflattened = result.with_suffix(".unflattened")
            maps = {"cell_source_map": str(result.with_suffix(".cells"))} if cells else {}
            flattentool.unflatten(
                str(path),
                input_format="xlsx",
                output_name=str(unflattened),
                root_list_path="contracts",
                root_id="",
                schema=str(schemas_folder() / "contract.schema.json"),
                **maps,
            )
            _write(json.loads(unflattened.read_bytes(), parse_float=Decimal)["contracts"], result)

        return job

    return prepare


def _write(records: list[Json], result: Path) -> None:
    """Leave how many there are, their sum, and the first and the last of them."""
    total = sum(record["value"]["amount"] for record in records)
    told = {"rows": len(records), "total": total, "first": records[0], "last": records[-1]}
    result.write_text(json.dumps(told, default=float, ensure_ascii=False), encoding="utf-8")


def _verify(path: Path, size: Size) -> None:
    records = list(_records(size))
    told = json.loads(path.read_bytes(), parse_float=Decimal)
    assert told["rows"] == len(records)
    total = sum(record["value"]["amount"] for record in records)
    assert abs(told["total"] - total) < Decimal("0.005")
    for name, record in (("first", records[0]), ("last", records[-1])):
        assert told[name] == record, f"the {name} record"
    lines, cells = path.with_suffix(".tsv"), path.with_suffix(".cells")
    if lines.exists():
        rows = (line.split("\t") for line in lines.read_text(encoding="utf-8").splitlines())
        assert {steps: (sheet, cell) for steps, sheet, cell in rows} == _map(size), "the map"
    if cells.exists():
        assert _of_flatten_tool(json.loads(cells.read_bytes())) == _map(size), "the map"


def _of_flatten_tool(found: Mapping[str, Any]) -> dict[str, Cell]:
    """Return flatten-tool's map with one cell for each value: it has the rows too, and names of columns."""
    own: dict[str, Cell] = {}
    for path, there in found.items():
        if len(there[0]) == 4:
            sheet, column, row, _ = there[0]
            own[path.removeprefix("contracts/")] = sheet, f"{column}{row}"
    return own


SUBJECTS = (
    Subject(
        "sheets",
        "Read a workbook of contracts with sheets for their arrays",
        (
            Case("xlreport, every cell known", _xlreport(cells=True), "xlreport"),
            Case("xlreport", _xlreport(cells=False), "xlreport", "no map"),
            Case("flatten-tool, cell source map", _flatten_tool(cells=True), "flattentool", most_runs=3),
            Case("flatten-tool", _flatten_tool(cells=False), "flattentool", "no map", most_runs=3),
        ),
        _verify,
        rows=12_500,
        result="result.json",
    ),
)
