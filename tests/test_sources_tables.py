"""Tables read column by column are what they are when every cell is read by itself."""

import datetime as dt
import operator
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from reading import field, fields
from witness_tables import read_rows

from xlreport.findings import Finding, Severity
from xlreport.sources.description import Notation, Part
from xlreport.sources.headings import HeadingRow
from xlreport.sources.items import Item, Run, UnreadableError, in_batches, singly
from xlreport.sources.tabular import Row, table_items
from xlreport.sources.values import reader
from xlreport.sources.whole_columns import whole_reader
from xlreport.tables import Kind, Origin

FIELDS = fields(
    field("id"),
    field("lots", Kind.INTEGER),
    field("value/amount", Kind.DECIMAL),
    field("value/currency"),
    field("open", Kind.BOOLEAN),
    field("signed", Kind.DATE),
    field("seen", Kind.DATETIME),
    field("roles/*"),
    field("parts/*/years/*", Kind.INTEGER),
    field("parts/*/name"),
    field("period/start/date", Kind.DATE),
)["*"]
HEADINGS = (
    *("id", "lots", "value/amount", "value/currency", "open", "signed", "seen", "roles"),
    *("parts/0/name", "parts/1/name", "parts/1/years/0", "parts/1/years/2", "period/start/date", "free", ""),
)
NUMBERS = [
    "0",
    "-0",
    "007",
    "+5",
    "12.50",
    ".5",
    "5.",
    "1e3",
    "1,5",
    "1_000",
    "NaN",
    "٣",
    "1 234",
    "--1",
    ".",
]
WORDS = ["", " ", "\t x ", "a; b", "yes", "FALSE", "n/a", " n/a ", "-99", "2017-03-31", "31.03.2017", "EUR"]
TEXTS = [*NUMBERS, *WORDS]
DAYS = [dt.date(2017, 3, 31), dt.date(1, 1, 1)]
TIMES = [dt.datetime(2017, 3, 31), dt.datetime(2017, 3, 31, 14, 30)]  # noqa: DTZ001  # as in worksheets
SPANS = [dt.time(9, 5), dt.timedelta(hours=30)]
DOUBLES = [0.0, -0.0, 1.0, 0.1, 12.5, -99.0, 1e15, 1e22, 210227.16]
OTHERS = [None, True, False, 0, 7, -99, Decimal("1.50"), Decimal(0), ["a", " ", 1.5], {"name": "x"}]
CELLS: list[Any] = [*TEXTS, *DAYS, *TIMES, *SPANS, *DOUBLES, *OTHERS]
ONE_TYPE = (
    TEXTS,
    NUMBERS[:7],
    WORDS,
    DAYS,
    TIMES,
    DOUBLES,
    DOUBLES[:3],
    [True, False],
    [0, 7],
    [Decimal("1.50")],
)
COLUMNS = [*ONE_TYPE, *[[*cells, None, ""] for cells in ONE_TYPE], CELLS]

NOTATIONS = (
    Notation(),
    Notation(missing=("n/a",)),
    Notation(missing=("n/a", "-99")),
    Notation(decimal_char=",", group_char=" "),
    Notation(date_formats=("%d.%m.%Y",), true_values=("yes",), false_values=("no", "x")),
)
MAPPINGS = (
    None,
    {
        "id": {"join": ["id", "lots"], "separator": "/"},
        "value/amount": {"from": "value/amount", "decimalChar": ","},
        "value/currency": {"from": "value/currency", "default": "EUR"},
        "period/start/date": {"from": "signed", "format": "%d.%m.%Y"},
        "roles": {"from": "roles", "values": {"a; b": "both"}, "missing": ["x"]},
        "lots": "lots",
        "open": {"from": ["open", "free"]},
        "source/name": {"constant": "register"},
        "parts/0/name": {"from": "parts/0/name", "trim": False},
        "parts/1/name": "parts/1/name",
    },
)
BROKEN = Finding("broken-row", Severity.ERROR, "It is broken.")


@st.composite
def tables(draw: st.DrawFn) -> list[Row]:
    """Draw rows whose columns are of one type, or of one with gaps, or mixed; some blank, short or broken."""
    kinds = [st.sampled_from(draw(st.sampled_from(COLUMNS))) for _ in HEADINGS]
    rows = []
    for number in range(2, 2 + draw(st.integers(0, 12))):
        cells = [draw(kind) for kind in kinds]
        match draw(st.sampled_from([*["row"] * 8, "blank", "short", "long", "error", "broken"])):
            case "blank":
                cells = [None, " "] * 7 + [""]
            case "short":
                cells = cells[:9]
            case "long":
                cells += [None, draw(st.sampled_from(CELLS))]
            case "error":
                cells[2] = cells[-1] = None
                rows.append(Row(number, cells, ((2, "#N/A"), (len(cells) - 1, "#REF!"))))
                continue
            case "broken":
                rows.append(Row(number, (), finding=BROKEN))
                continue
        rows.append(Row(number, cells))
    return rows


def part(notation: Notation, mapping: dict[str, Any] | None, *, keep: bool = True) -> Part:
    return Part(Path(), "f", "csv", notation=notation, mapping=mapping, keep_unmapped=keep)


def exact(value: object) -> object:
    """Return a value with the types of all that is in it; the order of members is free."""
    if isinstance(value, dict):
        return {name: exact(child) for name, child in value.items()}
    return [exact(child) for child in value] if isinstance(value, list) else (type(value), repr(value))


def short(finding: Finding) -> tuple[str, Any, str]:
    return finding.code, finding.value, "" if finding.code == "error-cell" else str(finding.place)


@given(
    rows=tables(),
    notation=st.sampled_from(NOTATIONS),
    mapping=st.sampled_from(MAPPINGS),
    keep=st.booleans(),
    known=st.sampled_from([FIELDS, {}]),
)
def test_any_table_is_read_as_cell_by_cell(
    *, rows: list[Row], notation: Notation, mapping: dict[str, Any] | None, keep: bool, known: Any
) -> None:
    headings, described = HeadingRow(HEADINGS, "f", 1), part(notation, mapping, keep=keep)
    quick = list(singly(table_items(headings, rows, described, known)))
    slow = list(read_rows(headings, rows, described, known))
    assert [item.row for item in quick] == [row for row, *_ in slow]
    for item, (_, record, findings, own) in zip(quick, slow, strict=True):
        assert exact(item.record) == exact(record)
        assert [short(finding) for finding in item.findings] == findings
        assert dict(item.headings) == dict(own)


@given(
    st.sampled_from([*Kind, None]), st.sampled_from(NOTATIONS), st.sampled_from(COLUMNS).flatmap(
        lambda cells: st.lists(st.sampled_from(cells), max_size=8)
    )
)  # fmt: skip
@example(None, NOTATIONS[2], [-99.0, 1.0])
@example(Kind.INTEGER, NOTATIONS[2], [-99, 7])
def test_any_column_is_read_as_cell_by_cell(kind: Kind | None, notation: Notation, cells: list[Any]) -> None:
    read = reader(kind, notation)
    assert [exact(value) for value in whole_reader(kind, notation, read)(tuple(cells))] == [
        exact(read(cell)) for cell in cells
    ]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=5))
def test_any_doubles_are_read_as_cell_by_cell(cells: list[float]) -> None:
    for kind in (None, Kind.INTEGER, Kind.DECIMAL):
        read = reader(kind, Notation())
        assert list(map(repr, whole_reader(kind, Notation(), read)(cells))) == [repr(read(x)) for x in cells]


@given(st.lists(st.text("0123456789+-.eE_ ,٣", max_size=6), max_size=4))
def test_any_numbers_in_text_are_read_as_cell_by_cell(cells: list[str]) -> None:
    for kind in (Kind.INTEGER, Kind.DECIMAL):
        read = reader(kind, Notation())
        assert list(map(repr, whole_reader(kind, Notation(), read)(cells))) == [repr(read(x)) for x in cells]


def test_rows_before_the_place_where_a_file_becomes_unreadable_count() -> None:
    def rows() -> Iterator[Row]:
        yield from (Row(number, [str(number)]) for number in range(2, 700))
        raise UnreadableError(BROKEN)

    items = table_items(HeadingRow(("id",), "f", 1), rows(), part(Notation(), None), {})
    batches = list(in_batches(items, "t", Origin("f", "csv")))
    assert [row for batch in batches for row in batch.origin.rows] == list(range(2, 700))
    assert [finding.code for batch in batches for finding in batch.findings] == ["broken-row"]


@pytest.mark.parametrize("every", [1, 7, 300])
def test_findings_stay_with_their_records(every: int) -> None:
    rows = [
        Row(number, [str(number)] if number % every == 0 else [str(number), "x"]) for number in range(2, 2500)
    ]
    items: Sequence[Item | Run] = list(
        table_items(HeadingRow(("id", "note"), "f", 1), rows, part(Notation(), None), {})
    )
    found: list[str] = []
    for batch in in_batches(items, "t", Origin("f", "csv")):
        assert len(batch.records) <= 1000
        assert list(map(operator.itemgetter("id"), batch.records)) == list(map(str, batch.origin.rows))
        found += [batch.records[each.record]["id"] for each in batch.findings if each.record is not None]
    assert found == [str(row.number) for row in rows if len(row.cells) == 1]
