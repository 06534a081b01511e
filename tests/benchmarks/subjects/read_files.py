"""The files that the benchmarks read, and what is in them."""

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
from tests.benchmarks.measure import Size
from tests.benchmarks.subjects.register import FORMATS, NAMES, columns

# ruff: noqa: PLC0415  # each process is to import the library that it measures and no other

__all__ = [
    "Digest",
    "Json",
    "csv_file",
    "digest",
    "flat_workbook",
    "json_array",
    "json_lines",
    "nested_value",
    "nested_workbook",
    "value",
    "verify_flat",
    "verify_nested",
    "verify_short",
]

Json = dict[str, Any]

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


def digest(records: Iterable[Json], amount: Callable[[Json], Any], zero: Decimal | float) -> Digest:
    rows, total = 0, zero
    first: Json = {}
    record: Json = {}
    for rows, record in enumerate(records, 1):  # noqa: B007  # the last ones are what is wanted
        total += amount(record)
        first = first or record
    return Digest(rows, total, first, record)


def value(record: Json) -> Any:
    return record["Value"]


def nested_value(record: Json) -> Any:
    return record["value"]["amount"]


# --- the files --------------------------------------------------------------------------------------


def flat_workbook(size: Size) -> Path:
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


def csv_file(size: Size) -> Path:
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


def json_lines(size: Size) -> Path:
    return inputs.sample(size) / "contracts.ndjson"


def json_array(size: Size) -> Path:
    def make(folder: Path) -> None:
        lines = json_lines(size).read_bytes().splitlines()
        (folder / "contracts.json").write_bytes(b"[" + b",\n".join(lines) + b"]\n")

    return inputs.kept(f"array-{size.rows}", make) / "contracts.json"


def nested_workbook(size: Size) -> Path:
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
    with json_lines(size).open("rb") as lines:
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


# --- what is in them --------------------------------------------------------------------------------


@cache
def _flat_truth(size: Size) -> Digest:
    values = columns(size.rows)
    first, last = (dict(zip(NAMES, (column[at] for column in values), strict=True)) for at in (0, -1))
    return Digest(size.rows, sum(values[NAMES.index("Value")], Decimal()), first, last)


@cache
def _nested_truth(size: Size) -> Digest:
    return digest(_nested_records(size), nested_value, Decimal())


@cache
def _short_truth(size: Size) -> Digest:
    return digest(_short_records(size), nested_value, Decimal())


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


verify_flat = _verify(_flat_truth)
verify_nested = _verify(_nested_truth)
verify_short = _verify(_short_truth)
