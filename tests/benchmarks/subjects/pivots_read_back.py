"""Read a workbook with pivots back: every cell of data and pivots, and the parts that keep them alive."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from tests.benchmarks.measure import Size
from tests.benchmarks.subjects.register import NAMES, columns, holds

# ruff: noqa: PLC0415  # each process is to import the library that it measures and no other

__all__ = ["verify"]

Labels = tuple[str, ...]
"""Of a line of a pivot, from the outermost field on; empty for the grand total."""

_PARTS: dict[str, dict[str, int]] = {
    "bare": {},
    "formula": {"charts/chart": 1},
    "native": {
        "pivotTables/pivotTable": 3,
        "pivotCache/pivotCacheDefinition": 1,
        "slicers/slicer": 1,
        "slicerCaches/slicerCache": 1,
        "charts/chart": 1,
    },
}
"""By the title of the workbook, which says what it is to have: the number of parts of each kind."""


@dataclass(frozen=True)
class Pivot:
    """What a pivot has to show."""

    title: str
    fields: tuple[str, ...]
    lines: Mapping[Labels, tuple[Decimal, ...]]
    sorted_by: int | None = None
    """Position of the value of which the largest comes first."""


def verify(path: Path, size: Size) -> None:
    """Compare the workbook with the register and with sums that are made here, once more."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    kind = _verify_parts(path)
    data = book.get_sheet_by_name("Data").to_python(skip_empty_area=False)
    header = next(at for at, row in enumerate(data) if tuple(row[: len(NAMES)]) == NAMES)
    assert holds([row[: len(NAMES)] for row in data[header + 1 :]], size), f"{path}: not the register's rows"
    if kind != "bare":
        _verify_pivots(book.get_sheet_by_name("Pivots").to_python(skip_empty_area=False), size)


# --- the parts --------------------------------------------------------------------------------------


def _verify_parts(path: Path) -> str:
    """Return what the workbook is to have, once it has proved to have just that."""
    with ZipFile(path) as package:
        texts = {
            name: package.read(name).decode()
            for name in package.namelist()
            if name.endswith(".xml") and "sharedStrings" not in name and "worksheets" not in name
        }
        pivots = package.read("xl/worksheets/sheet1.xml").decode()
    kind = str(*re.findall(r"<dc:title[^>]*>(\w+)</dc:title>", texts["docProps/core.xml"]))
    found = {part: sum(name.startswith(f"xl/{part}") for name in texts) for part in _PARTS["native"]}
    wanted = dict.fromkeys(found, 0) | _PARTS[kind]
    assert found == wanted, f"{path} has not the parts of {kind}: {found}"
    if kind == "native":
        _verify_driven(texts)
    assert ("<f>" in pivots) == (kind == "formula"), f"{path}: formulas belong in formula pivots alone"
    return kind


def _verify_driven(texts: Mapping[str, str]) -> None:
    """See that the slicer drives all the pivots, and that the chart is that of one of them."""
    names = {
        re.findall(r'<pivotTableDefinition [^>]*\bname="([^"]+)"', text)[0]
        for name, text in texts.items()
        if name.startswith("xl/pivotTables/")
    }
    driven = re.findall(r'<pivotTable [^>]*\bname="([^"]+)"', texts["xl/slicerCaches/slicerCache1.xml"])
    assert set(driven) == names, f"the slicer drives {driven}, and not {names}"
    source = re.search(r"<pivotSource><name>[^<]*!([^<!]+)</name>", texts["xl/charts/chart1.xml"])
    assert source, "the chart is of no pivot"
    assert source[1] in names, f"the chart is of {source[1]}"


# --- the figures ------------------------------------------------------------------------------------


def _verify_pivots(rows: Sequence[Sequence[Any]], size: Size) -> None:
    for pivot in _truth(size):
        found = _lines(rows, pivot)
        assert found.keys() == pivot.lines.keys(), f"{pivot.title}: not the lines of the register"
        for labels, wanted in pivot.lines.items():
            assert all(map(_alike, found[labels], wanted)), f"{pivot.title}, {labels}: not {wanted}"
        if pivot.sorted_by is not None:
            outermost = [values[pivot.sorted_by] for labels, values in found.items() if len(labels) == 1]
            assert outermost == sorted(outermost, reverse=True), f"{pivot.title}: not the largest first"


def _alike(found: Any, wanted: Decimal) -> bool:
    """Tell whether a cell has the value; it may be empty where there are no rows."""
    return math.isclose(found or 0, wanted, rel_tol=1e-12)


def _lines(rows: Sequence[Sequence[Any]], pivot: Pivot) -> dict[Labels, tuple[Any, ...]]:
    """Return the lines that stand below the pivot's title, in their order."""
    top, left = next((at, row.index(pivot.title)) for at, row in enumerate(rows) if pivot.title in row)
    head = next(at for at, row in enumerate(rows) if at > top and row[left] == pivot.fields[0])
    first = left + len(pivot.fields)
    last = first + len(pivot.lines[()])
    found: dict[Labels, tuple[Any, ...]] = {}
    labels: Labels = ()
    for row in rows[head + 1 :]:
        level, label = next((at, text) for at, text in enumerate(row[left:first]) if text)
        labels = () if label == "Total" else (*labels[:level], label)
        found[labels] = tuple(row[first:last])
        if not labels:
            break
    return found


@cache
def _truth(size: Size) -> tuple[Pivot, ...]:
    """Add everything up, the plainest way."""
    register = dict(zip(NAMES, columns(size.rows), strict=True))
    register["Year"] = [str(day.year) for day in register["Signed"]]
    years = sorted(set(register["Year"]))

    groups, countries, forms = ("Product group", "Cooperation", "Status"), ("Country",), ("Cooperation",)
    numbers = Counter(_lines_of(register, groups))
    values, by_country, by_form = (_sums(register, fields) for fields in (groups, countries, forms))
    by_year = _sums(register, ("Year", *countries))
    return (
        Pivot(
            "By product group",
            groups,
            {at: (Decimal(numbers[at]), value, value / values[()]) for at, value in values.items()},
            sorted_by=1,
        ),
        Pivot(
            "By year",
            countries,
            {
                at: (*(by_year.get((year, *at), Decimal()) for year in years), value)
                for at, value in by_country.items()
            },
        ),
        Pivot("By form", forms, {at: (value,) for at, value in by_form.items()}, sorted_by=0),
    )


def _sums(register: Mapping[str, Sequence[Any]], fields: Sequence[str]) -> dict[Labels, Decimal]:
    """Return the value of each line of a pivot by these fields."""
    sums: dict[Labels, Decimal] = defaultdict(Decimal)
    values = (value for value in register["Value"] for _ in range(len(fields) + 1))
    for labels, value in zip(_lines_of(register, fields), values, strict=True):
        sums[labels] += value
    return dict(sums)


def _lines_of(register: Mapping[str, Sequence[Any]], fields: Sequence[str]) -> Iterator[Labels]:
    """Yield, row by row, the labels of every line that the row belongs to: its own, and all above it."""
    for labels in zip(*(register[field] for field in fields), strict=True):
        yield from (labels[:level] for level in range(len(fields) + 1))
