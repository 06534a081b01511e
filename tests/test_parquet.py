"""Parquet files: types, nested columns, places, pieces of a table, and files that are none."""

import datetime as dt
import hashlib
import io
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import (
    codes,
    dataset_file,
    field,
    fields,
    finding,
    findings,
    only,
    places,
    read,
    records,
    text_file,
)

from xlreport.errors import SpecError
from xlreport.findings import Severity
from xlreport.sources.arrow_columns import column_reader
from xlreport.sources.arrow_values import cells_of, deeper_than
from xlreport.sources.columns import lay_out
from xlreport.sources.description import Part
from xlreport.sources.headings import HeadingRow
from xlreport.tables import Field, Kind

MORNING = dt.datetime(2017, 3, 31, 8, 15, tzinfo=dt.UTC)
NAIVE = MORNING.replace(tzinfo=None)
DAY = dt.date(2017, 3, 31)


def parquet(
    path: Path, columns: Mapping[str, Any] | pa.Table, **options: Any
) -> Path:  # as write_table has it
    table = columns if isinstance(columns, pa.Table) else pa.table(dict(columns))
    pq.write_table(table, path, **options)
    return path


def array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    return pa.array(values, kind)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (array(["007", None], pa.string()), "007"),
        (array(["x"], pa.large_string()), "x"),
        (array([" x "], pa.string()).dictionary_encode(), "x"),
        (array([b"x"], pa.binary()), "x"),
        (array([b"abc"], pa.binary(3)), "abc"),
        (array([-(2**63)], pa.int64()), -(2**63)),
        (array([2**64 - 1], pa.uint64()), 2**64 - 1),
        (array([True, None], pa.bool_()), True),
        (array([Decimal("1.10")], pa.decimal128(38, 2)), Decimal("1.10")),
        (array([Decimal(f"1{'0' * 40}.01")], pa.decimal256(76, 2)), Decimal(f"1{'0' * 40}.01")),
        (array([0.1, None], pa.float64()), Decimal("0.1")),
        (array([0.1], pa.float32()), Decimal("0.1")),
        (array([0.1], pa.float32()).cast(pa.float16()), Decimal("0.1")),
        (array([1e20], pa.float64()), 10**20),
        (array([DAY, None], pa.date32()), "2017-03-31"),
        (array([DAY], pa.date64()), "2017-03-31"),
        (array([NAIVE], pa.timestamp("s")), "2017-03-31T08:15:00"),
        (array([NAIVE], pa.timestamp("ms")), "2017-03-31T08:15:00"),
        (array([dt.datetime(2017, 3, 31)], pa.timestamp("ns")), "2017-03-31"),  # noqa: DTZ001  # no zone
        (array([1], pa.timestamp("ns")), "1970-01-01T00:00:00.000000001"),
        (array([MORNING], pa.timestamp("us", "UTC")), "2017-03-31T08:15:00+00:00"),
        (array([MORNING], pa.timestamp("us", "Europe/Lisbon")), "2017-03-31T09:15:00+01:00"),
        (array([MORNING], pa.timestamp("ns", "+02:00")), "2017-03-31T10:15:00+02:00"),
        (array([1], pa.timestamp("ns", "+02:00")), "1970-01-01T02:00:00.000000001+02:00"),
        (array([MORNING], pa.timestamp("us", "Sea/Atlantis")), "2017-03-31T08:15:00+00:00"),
        (array([dt.time(9, 5)], pa.time32("s")), "09:05:00"),
        (array([dt.time(9, 5, 0, 500)], pa.time64("us")), "09:05:00.000500"),
        (array([1], pa.time64("ns")), "00:00:00.000000001"),
        (array([dt.timedelta(hours=30, minutes=5)], pa.duration("s")), "30:05:00"),
        (array([dt.timedelta(hours=30)], pa.duration("ns")), "30:00:00"),
        (array([bytes(range(16))], pa.uuid()), "00010203-0405-0607-0809-0a0b0c0d0e0f"),
        (array([7], pa.opaque(pa.int8(), "kind", "vendor")), 7),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)
def test_types_come_from_the_columns_where_no_field_says_otherwise(
    tmp_path: Path, column: pa.Array, expected: object
) -> None:
    path = parquet(tmp_path / "a.parquet", {"id": range(len(column)), "x": column})
    first, *rest = records(only(read(path)))
    assert repr(first["x"]) == repr(expected)
    assert rest == [{"id": 1}] * (len(column) - 1)


def test_fields_decide_what_a_column_becomes(tmp_path: Path) -> None:
    described = fields(
        field("id"),
        field("number", Kind.INTEGER),
        field("value/amount", Kind.DECIMAL, "Amount"),
        field("signed", Kind.DATE),
        field("seen", Kind.DATETIME),
        field("open", Kind.BOOLEAN),
        field("years/*", Kind.INTEGER),
        field("roles/*"),
    )
    columns = {
        "id": [1, 2],
        "number": [5.0, 5.5],
        "Amount": [5, None],
        "signed": array([dt.datetime(2017, 3, 31), NAIVE], pa.timestamp("ns")),  # noqa: DTZ001  # no zone
        "seen": array([NAIVE, None], pa.timestamp("ms")),
        "open": ["Yes", "maybe"],
        "years": [[1988, None, 1989], []],
        "roles": ["buyer; seller", None],
    }
    resource = only(read(parquet(tmp_path / "a.parquet", columns), fields=described))
    assert records(resource) == [
        {
            "id": "1", "number": 5, "value": {"amount": Decimal(5)}, "signed": "2017-03-31",
            "seen": "2017-03-31T08:15:00Z", "open": True, "years": [1988, 1989], "roles": ["buyer", "seller"],
        },
        {"id": "2", "number": Decimal("5.5"), "signed": "2017-03-31T08:15:00", "open": "maybe"},
    ]  # fmt: skip
    assert places(resource, "value", "amount") == [f"{tmp_path}/a.parquet:{row} Amount" for row in (1, 2)]


def test_headings_that_are_paths_make_nested_records(tmp_path: Path) -> None:
    columns = {"value/amount": [1, 2], "value/currency": ["EUR", None], "lots/0/id": ["a", None]}
    assert records(only(read(parquet(tmp_path / "a.parquet", columns)))) == [
        {"value": {"amount": 1, "currency": "EUR"}, "lots": [{"id": "a"}]},
        {"value": {"amount": 2}},
    ]


def test_nested_columns_make_nested_records(tmp_path: Path) -> None:
    kind = pa.struct(
        [
            ("amount", pa.decimal128(9, 2)),
            ("rate", pa.float32()),
            ("lots", pa.list_(pa.struct([("due", pa.date32()), ("seen", pa.timestamp("ms"))]))),
            ("by", pa.map_(pa.date32(), pa.large_list(pa.string()))),
        ]
    )
    value = {
        "amount": Decimal("1.10"),
        "rate": 0.1,
        "lots": [{"due": DAY, "seen": NAIVE}, None, {"due": None}],
        "by": {DAY: ["a", None, " b"]},
    }
    path = parquet(tmp_path / "a.parquet", {"id": [1, 2, 3], "value": array([None, value, {}], kind)})
    assert records(only(read(path))) == [
        {"id": 1},
        {
            "id": 2,
            "value": {
                "amount": Decimal("1.10"),
                "rate": Decimal("0.1"),
                "lots": [{"due": "2017-03-31", "seen": "2017-03-31T08:15:00"}, {}],
                "by": {"2017-03-31": ["a", " b"]},
            },
        },
        {"id": 3, "value": {}},
    ]


def test_dates_inside_nested_columns_are_written_as_their_fields_want_them(tmp_path: Path) -> None:
    midnight = dt.datetime(2017, 3, 31)  # noqa: DTZ001  # no zone
    kind = pa.list_(pa.struct([("due", pa.timestamp("ms")), ("seen", pa.timestamp("ms"))]))
    path = parquet(tmp_path / "a.parquet", {"lots": array([[{"due": midnight, "seen": midnight}]], kind)})
    described = fields(field("lots/*/due", Kind.DATE), field("lots/*/seen", Kind.DATETIME))
    assert records(only(read(path, fields=described))) == [
        {"lots": [{"due": "2017-03-31", "seen": "2017-03-31T00:00:00Z"}]}
    ]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (pa.list_(pa.int8(), 2), [[1, 2], None, [3, 4]]),
        (pa.string_view(), ["x", None, "a text that is longer than twelve bytes"]),
        (pa.list_view(pa.string()), [["x"], None, [], ["y", "z"]]),
        (pa.large_list_view(pa.int8()), [[1], None, [], [2, 3]]),
    ],
)
def test_lists_of_one_length_and_views(kind: pa.DataType, values: list[Any]) -> None:
    assert cells_of(array(values, kind), "x", {}) == (values, False)
    assert cells_of(array(values, kind).slice(1), "x", {}) == (values[1:], False)


def test_missing_and_infinite_numbers(tmp_path: Path) -> None:
    nested = array(
        [{"y": [float("inf"), 1.0]}, {"y": [float("nan")]}], pa.struct([("y", pa.list_(pa.float64()))])
    )
    columns = {"id": ["a", "b"], "x": [float("-inf"), float("nan")], "n": nested}
    resource = only(read(parquet(tmp_path / "a.parquet", columns)))
    assert records(resource) == [{"id": "a", "n": {"y": [1]}}, {"id": "b", "n": {"y": []}}]
    first, second = findings(resource)
    assert (first.code, first.severity, first.record) == ("not-a-number", Severity.WARNING, 0)
    assert str(first.place) == f"{tmp_path}/a.parquet:1 x"
    assert (first.message, first.value, type(first.value)) == (
        "-inf is not a number; the value is taken as missing.", "-inf", str,
    )  # fmt: skip
    assert (second.code, str(second.place)) == ("not-a-number", f"{tmp_path}/a.parquet:1 n")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    wrong = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\3\0\0\0"), pa.py_buffer(b"a\xff\xfe")]
    )
    keyed = array([{b"k": 1, b"\xff": 2}, None], pa.map_(pa.binary(), pa.int8()))
    path = parquet(tmp_path / "a.parquet", {"id": [1, 2], "x": wrong, "y": [b"\xff", b"b"], "z": keyed})
    resource = only(read(path))
    assert records(resource) == [{"id": 1, "x": "a", "z": {"k": 1}}, {"id": 2, "y": "b"}]
    assert codes(resource) == ["wrong-encoding"] * 3
    assert [each.place.row for each in findings(resource)] == [1, 1, 2]
    assert "are not UTF-8 text; the value is left out" in findings(resource)[0].message


@pytest.mark.parametrize(
    ("column", "code", "shown"),
    [
        (array([10**7, 0], pa.date32()), "date-out-of-range", "10,000,000 days from 1970-01-01 on is"),
        (array([-(10**15), 0], pa.timestamp("ms")), "date-out-of-range", "-1,000,000,000,000,000 ms from"),
        (
            array([10**15, 0], pa.timestamp("ms", "Asia/Tokyo")),
            "date-out-of-range",
            "1,000,000,000,000,000 ms",
        ),
        (
            array([10**18, 0], pa.duration("s")),
            "number-out-of-range",
            "1,000,000,000,000,000,000 s is longer",
        ),
    ],
)
def test_dates_beyond_the_calendar(tmp_path: Path, column: pa.Array, code: str, shown: str) -> None:
    resource = only(read(parquet(tmp_path / "a.parquet", {"id": [1, 2], "x": column})))
    assert [sorted(record) for record in records(resource)] == [["id"], ["id", "x"]]
    found = finding(resource, code)
    assert (found.severity, found.place.row) == (Severity.ERROR, 1)
    assert found.message.startswith(shown)


def test_columns_that_no_field_answers_to_are_told(tmp_path: Path) -> None:
    columns = {"id": ["1", None, None], "Amont": [None, 1.0, None], "": [None, None, "x"]}
    described = fields(field("id"), field("amount", Kind.DECIMAL, required=True))
    resource = only(read(parquet(tmp_path / "a.parquet", columns), fields=described))
    assert records(resource) == [{"id": "1"}, {}, {}]
    assert codes(resource) == ["unknown-column", "missing-column", "nameless-column"]
    assert finding(resource, "unknown-column").hint.startswith("Did you mean 'Amount'?")
    assert finding(resource, "nameless-column").value == 1


def test_column_that_is_given_twice(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([array([1], pa.int8()), array([2], pa.int8())], ["id", "id"])
    resource = only(read(parquet(tmp_path / "a.parquet", table)))
    assert (records(resource), codes(resource)) == ([{"id": 1}], ["duplicate-column"])


def test_mapping_draws_from_columns_and_from_what_is_inside_them(tmp_path: Path) -> None:
    columns = {
        "Nr": [7, 8],
        "buyer": [{"name": "A", "ids": ["x", "y"]}, None],
        "lots": [[{"sum": 1.5, "day": DAY}], []],
        "a.b": ["dotted", None],
        "state": ["act", "N/A"],
        "signed": array([DAY, None], pa.date32()),
        "rest": ["r", None],
    }
    parquet(tmp_path / "c.parquet", columns)
    mapping = {
        "id": "Nr",
        "customer/name": "buyer.name",
        "customer/ids": {"from": "$.buyer.ids"},
        "first": "buyer/ids/0",
        "dotted": "a.b",
        "milestones": {"each": "lots", "mapping": {"value/amount": "sum", "dueDate": "day"}},
        "status": {"from": "state", "values": {"act": "active"}},
        "kind": {"constant": "c"},
        "signedDate": "signed",
        "lost": "nowhere.name",
    }
    dataset_file(tmp_path, {"name": "c", "path": "c.parquet", "mapping": mapping, "missingValues": ["N/A"]})
    described = {"c": {"signedDate": field("signedDate", Kind.DATE), "id": field("id")}}
    resource = read(tmp_path, fields=described)["c"]
    assert records(resource) == [
        {
            "id": "7", "customer": {"name": "A", "ids": ["x", "y"]}, "first": "x", "dotted": "dotted",
            "milestones": [{"value": {"amount": Decimal("1.5")}, "dueDate": "2017-03-31"}],
            "status": "active", "kind": "c", "signedDate": "2017-03-31",
        },
        {"id": "8", "kind": "c"},
    ]  # fmt: skip
    assert codes(resource) == ["missing-column", "unmapped-columns"]
    assert "'rest' (column G)" in finding(resource, "unmapped-columns").message
    assert places(resource, "customer", "name")[0] == "c.parquet:1 buyer"


def test_columns_that_the_mapping_does_not_use_can_be_kept(tmp_path: Path) -> None:
    parquet(
        tmp_path / "c.parquet", {"sum": [1.5, None], "id": [7, 8], "signed": array([DAY, None], pa.date32())}
    )
    mapping = {"value/amount": "sum", "value/currency": {"constant": "EUR"}, "lost": "nowhere"}
    dataset_file(tmp_path, {"name": "c", "path": "c.parquet", "mapping": mapping, "keepUnmapped": True})
    resource = only(read(tmp_path))
    assert records(resource) == [
        {"id": 7, "signed": "2017-03-31", "value": {"amount": Decimal("1.5"), "currency": "EUR"}},
        {"id": 8},
    ]
    assert codes(resource) == ["missing-column"]
    assert places(resource, "id") == ["c.parquet:1 id", "c.parquet:2 id"]


def test_texts_for_missing_values_count_inside_nested_columns_too(tmp_path: Path) -> None:
    parquet(tmp_path / "c.parquet", {"id": ["1", "-"], "buyer": [{"name": "N/A", "tags": ["-", "x"]}, None]})
    dataset_file(tmp_path, {"name": "c", "path": "c.parquet", "missingValues": ["N/A", "-"]})
    assert records(only(read(tmp_path))) == [{"id": "1", "buyer": {"tags": ["x"]}}]


def test_dataset_file_states_the_format_and_may_not_state_what_it_lacks(tmp_path: Path) -> None:
    parquet(tmp_path / "export.bin", {"id": ["1"]})
    entry = {"name": "c", "path": "export.bin", "format": "parquet"}
    dataset_file(tmp_path, entry)
    assert records(only(read(tmp_path))) == [{"id": "1"}]
    dataset_file(tmp_path, {**entry, "encoding": "latin-1"})
    with pytest.raises(SpecError, match="a Parquet file has no character encoding; take it out"):
        read(tmp_path)
    dataset_file(tmp_path, {**entry, "dialect": {"headerRow": 2}})
    with pytest.raises(SpecError, match="'headerRow' is for csv and xlsx files, not for parquet"):
        read(tmp_path)


def test_files_are_resources_and_numbered_ones_a_table_named_as_their_folder(tmp_path: Path) -> None:
    for name in ("Contracts", "partners-2016"):
        parquet(tmp_path / f"{name}.parquet", {"id": [name]})
    assert read(tmp_path).names == ("contracts", "partners-2016")
    folder = tmp_path / "orders"
    folder.mkdir()
    names = ("part-00000-5f2c.snappy", "part-00001-5f2c.snappy")
    parts = [parquet(folder / f"{name}.parquet", {"id": [name[9]]}) for name in names]
    for dataset in (read(folder), read(*parts), read(str(folder / "*.parquet"))):
        assert dataset.names == ("orders",)
        assert records(only(dataset)) == [{"id": "0"}, {"id": "1"}]
        assert places(only(dataset), "id") == [f"{part}:1 id" for part in parts]
    assert [file for file, _ in only(read(folder)).sources] == [str(part) for part in parts]


def test_standard_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    content = parquet(tmp_path / "a.parquet", {"id": ["1"]}).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    resource = only(read("-"))
    for _ in range(2):  # it can be read again
        batch = next(resource.batches())
        assert batch.records == [{"id": "1"}]
    assert (batch.origin.format, batch.origin.file) == ("parquet", "-")
    assert resource.sources == (("-", hashlib.sha256(content).hexdigest()),)


def unreadable(path: Path, content: bytes) -> Any:  # the one finding
    (found,) = findings(only(read(text_file(path, content))))
    assert found.severity is Severity.ERROR
    assert found.table == "b"
    return found


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        (b"", "empty-file", "is empty; a Parquet file with columns was expected."),
        (b"id;x\n1;2\n", "broken-parquet", "as a Parquet file: its content is not that of one."),
        (b"PAR", "broken-parquet", "its content is not that of one."),
        (b"PAR1", "broken-parquet", "as a Parquet file: "),
        (b"PAR1 and more", "broken-parquet", "its end is missing."),
        (b"PARE and PARE", "broken-parquet", "it is encrypted."),
        (b"PAR1\xff\xff\xff\x7fPAR1", "broken-parquet", "as a Parquet file: "),
    ],
)
def test_files_that_are_none(tmp_path: Path, content: bytes, code: str, sentence: str) -> None:
    found = unreadable(tmp_path / "b.parquet", content)
    assert found.code == code
    assert sentence in found.message


def test_file_that_was_cut_short_at_any_place(tmp_path: Path) -> None:
    whole = parquet(tmp_path / "a.parquet", {"id": ["1", "2"], "x": [[1.5], None]}).read_bytes()
    for length in range(1, len(whole)):
        assert unreadable(tmp_path / "b.parquet", whole[:length]).code == "broken-parquet"


def test_damage_inside_a_file_leaves_the_rows_before_it(tmp_path: Path) -> None:
    ids = [f"contract {number}" for number in range(2500)]
    path = parquet(tmp_path / "b.parquet", {"id": ids}, row_group_size=1000, use_dictionary=False)
    last = pq.ParquetFile(path).metadata.row_group(2).column(0)
    content = bytearray(path.read_bytes())
    middle = last.data_page_offset + last.total_compressed_size // 2
    content[middle : middle + 40] = b"\xff" * 40
    resource = only(read(text_file(path, bytes(content))))
    assert [record["id"] for record in records(resource)] == ids[:2000]
    found = finding(resource, "broken-parquet")
    assert "cannot be read as a Parquet file: after row 2,000: " in found.message


def test_file_without_columns_and_columns_without_rows(tmp_path: Path) -> None:
    resource = only(read(parquet(tmp_path / "a.parquet", {})))
    assert (records(resource), codes(resource)) == ([], ["empty-file"])
    resource = only(read(parquet(tmp_path / "b.parquet", {"id": array([], pa.string())})))
    assert (records(resource), findings(resource)) == ([], [])


def test_too_many_levels(tmp_path: Path) -> None:
    def lists(levels: int) -> pa.DataType:
        return pa.list_(lists(levels - 1)) if levels else pa.int8()

    assert not deeper_than([pa.int8(), lists(99)], 99)
    assert deeper_than([pa.int8(), lists(100)], 99)
    path = parquet(tmp_path / "a.parquet", {"x": array([None], lists(120))})
    resource = only(read(path))
    assert (records(resource), codes(resource)) == ([], ["too-deep"])


def test_files_of_any_size_come_in_batches(tmp_path: Path) -> None:
    rows = 50_000
    path = parquet(tmp_path / "a.parquet", {"id": range(rows), "x": ["text " * 20] * rows})
    resource = only(read(path))
    next(resource.batches())  # libraries are loaded
    tracemalloc.start()
    numbers = [len(batch.records) for batch in resource.batches()]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (sum(numbers), max(numbers)) == (rows, 1000)
    assert peak < 5_000_000


def test_rows_are_counted_through_the_batches(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", {"id": range(2100)}, row_group_size=700)
    rows = [row for batch in only(read(path)).batches() for row in batch.origin.rows]
    assert rows == list(range(1, 2101))


def test_pyarrow_is_not_loaded_until_a_parquet_file_is_read(tmp_path: Path) -> None:
    text_file(tmp_path / "a.csv", "id\n1\n")
    parquet(tmp_path / "b.parquet", {"id": ["1"]})
    code = (
        "import sys; from xlreport import sources\n"
        "for name in sys.argv[1:]:\n"
        "    list(sources.open_dataset(sources.describe(name), {}).resources[0].records())\n"
        "    print('pyarrow' in sys.modules, 'pandas' in sys.modules)"
    )
    files = [str(tmp_path / name) for name in ("a.csv", "b.parquet")]
    done = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False False", "True False"]


TEXTS = st.text(st.characters(codec="utf-8"), max_size=8).map(lambda text: f"x{text}x")
PLAIN: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "text": (pa.string(), TEXTS),
    "large": (pa.large_string(), TEXTS),
    "code": (pa.dictionary(pa.int8(), pa.string()), st.sampled_from(["EUR", "USD"])),
    "whole": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "count": (pa.uint8(), st.integers(0, 255)),
    "flag": (pa.bool_(), st.booleans()),
    "amount": (pa.decimal128(20, 2), st.decimals(-(10**17), 10**17, places=2)),
    "exact": (pa.decimal256(60, 20), st.decimals(-(10**30), 10**30, places=20)),
}


def nullable(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def objects(members: Mapping[str, tuple[pa.DataType, st.SearchStrategy[Any]]]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({name: nullable(values) for name, (_, values) in members.items()})


def struct_of(members: Mapping[str, tuple[pa.DataType, st.SearchStrategy[Any]]]) -> pa.DataType:
    return pa.struct([(name, kind) for name, (kind, _) in members.items()])


ITEMS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    **PLAIN,
    "tags": (pa.list_(pa.string()), st.lists(TEXTS, max_size=3)),
}
NESTED: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    **ITEMS,
    "value": (struct_of(PLAIN), objects(PLAIN)),
    "lots": (pa.large_list(struct_of(ITEMS)), st.lists(objects(ITEMS), max_size=3)),
    "seen": (pa.list_(pa.bool_()), st.lists(st.booleans(), max_size=3)),
    "by": (
        pa.map_(pa.string(), struct_of(PLAIN)),
        st.dictionaries(TEXTS, objects(PLAIN), max_size=3),
    ),
}


def present(value: Any) -> Any:
    """Return a value as JSON has it: what is None is not there."""
    if isinstance(value, dict):
        return {name: present(item) for name, item in value.items() if item is not None}
    return [present(item) for item in value] if isinstance(value, list) else value


class ExactEncoder(json.JSONEncoder):
    """Write decimals with all their digits."""

    def iterencode(self, o: Any, _one_shot: bool = False) -> Any:  # noqa: FBT001, FBT002  # as its base has it
        marked = super().iterencode(o, _one_shot)
        return (part.replace('"\\u0000', "").replace('\\u0000"', "") for part in marked)

    def default(self, o: Any) -> Any:
        return f"\0{o:f}\0"


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(objects(NESTED), min_size=1, max_size=6), st.sampled_from([1, 2, 1000]))
def test_a_table_gives_the_same_records_as_ndjson(
    tmp_path: Path, rows: list[dict[str, Any]], group: int
) -> None:
    rows = [{"id": f"r{position}", **row} for position, row in enumerate(rows)]
    schema = pa.schema([("id", pa.string()), *((name, kind) for name, (kind, _) in NESTED.items())])
    table = pa.Table.from_pylist(rows, schema)
    first = records(only(read(parquet(tmp_path / "a.parquet", table, row_group_size=group))))
    lines = [json.dumps(present(row), cls=ExactEncoder) for row in rows]
    assert first == records(only(read(text_file(tmp_path / "a.ndjson", "\n".join(lines)))))


CELLS: list[tuple[pa.DataType, st.SearchStrategy[Any]]] = [
    (pa.string(), st.text(st.characters(codec="utf-8"), max_size=4)),
    (pa.dictionary(pa.int8(), pa.string()), st.sampled_from(["a", " b ", " ", ""])),
    (pa.int16(), st.integers(-9, 9)),
    (pa.bool_(), st.booleans()),
    (pa.decimal128(9, 2), st.decimals(-99, 99, places=2)),
    (pa.float64(), st.floats(allow_nan=True, allow_infinity=False)),
    (pa.float32(), st.floats(allow_nan=True, allow_infinity=False, width=32)),
    (pa.date32(), st.dates()),
    (pa.timestamp("us"), st.datetimes()),
    (pa.timestamp("us", "UTC"), st.datetimes(timezones=st.just(dt.UTC))),
    (pa.timestamp("ns"), st.integers(-(2**62), 2**62)),
]


@given(
    st.sampled_from(CELLS).flatmap(lambda each: st.tuples(st.just(each[0]), st.lists(nullable(each[1])))),
    st.sampled_from([None, *Kind]),
)
def test_a_column_as_a_whole_is_read_as_its_cells_are(
    drawn: tuple[pa.DataType, list[Any]], kind: Kind | None
) -> None:
    column_type, values = drawn
    known = {"x": Field("x", "X", kind)} if kind else {}
    column = lay_out(HeadingRow(("x",), "f"), Part(Path(), "f", "parquet"), known).columns[0]
    cells, flawed = cells_of(pa.array(values, column_type), "x", known)
    one_by_one = [column.read(cell) for cell in cells]
    at_once = column_reader(column_type, column)(cells)
    assert not flawed
    assert [(type(value), value) for value in at_once] == [(type(value), value) for value in one_by_one]
