"""Compute the annual results: every measure, pivot, bridge and data sheet of the shipped report.

The peer is the engine that xlreport works with, asked the same by hand. What xlreport takes more is the
price of definitions that are data: any schema, any measures, any rate policy.
"""

import functools
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.measure import Case, Job, Size, Subject
from tests.benchmarks.subjects.answers import Answers, Row, in_text

if TYPE_CHECKING:
    import pyarrow as pa

    from xlreport.analysis.results import Analysis

# ruff: noqa: PLC0415  # each process is to import what it measures and no more

__all__ = ["SUBJECTS"]

_NEEDED = {
    "contracts": (
        *("record", "id", "number", "title", "agreementType", "parentContractId", "customerId", "category"),
        *("productGroup", "cooperationForm", "signedDate", "inForceDate", "period/startDate"),
        *("period/endDate", "status", "statusDate", "value/amount", "value/currency"),
    ),
    "contracts/amendments": (
        *("record", "row", "date", "valueBefore/amount", "valueAfter/amount", "valueAfter/currency"),
    ),
    "contracts/deliveries": ("record", "row", "date", "value/amount", "value/currency"),
    "contracts/payments": ("record", "row", "id", "date", "value/amount", "value/currency"),
    "contracts/milestones": ("record", "type", "dueDate", "dateMet", "value/amount", "value/currency"),
    "contracts/contributors": ("record", "partnerId", "role"),
    "partners": (
        *("row", "id", "name", "aliases", "roles", "countryCode", "formerSuppliers", "parentId"),
        *("activeFrom", "activeTo"),
    ),
}
"""The columns that the report uses."""


def _xlreport(size: Size) -> Job:
    from tests.benchmarks.subjects import flat_tables
    from xlreport.analysis.analyse import analyse
    from xlreport.collector import collector_resting
    from xlreport.spec import load_report

    spec, inputs = load_report(flat_tables.REPORT), flat_tables.inputs(size.rows)

    def job(path: Path) -> None:
        with collector_resting():  # as in the pipeline
            _keep(_answers(analyse(spec, inputs)), path)

    return job


def _by_hand(fetch: str) -> Any:
    def prepare(size: Size) -> Job:
        from tests.benchmarks.subjects import by_hand
        from xlreport.collector import collector_resting

        tables = _arrow(size.rows)

        def job(path: Path) -> None:
            with collector_resting():
                _keep(by_hand.answered(tables, getattr(by_hand, fetch)), path)

        return job

    return prepare


def _keep(answers: Answers, path: Path) -> None:
    path.write_text(json.dumps(in_text(answers)), encoding="utf-8")


# --- what xlreport gives ----------------------------------------------------------------------------


def _answers(analysis: "Analysis") -> Answers:
    bridge = analysis.bridges["orderBook"]
    return Answers(
        figures={name: figure.values for name, figure in analysis.figures.items()},
        pivots={
            name: [Row(row.kind, row.labels, row.values) for row in table.rows]
            for name, table in analysis.pivots.items()
        },
        bridge={
            "opening": bridge.opening,
            **dict(zip(bridge.movements, bridge.amounts, strict=True)),
            "revaluation": bridge.revaluation,
            "closing": bridge.closing,
        },
        data={name: table.data for name, table in analysis.data.items()},
    )


# --- what the engine is given -----------------------------------------------------------------------


def _arrow(rows: int) -> "dict[str, pa.Table]":
    """Return the tables under the names that the SQL knows them by."""
    import pyarrow as pa

    from tests.benchmarks.subjects import flat_tables

    tables = flat_tables.arrow_tables(rows, _NEEDED)
    named = {name.rpartition("/")[2]: table for name, table in tables.items()}
    countries = [country for country in flat_tables.regions().countries if country.code]
    columns = ("code", "name", "grouping", "subregion")
    return {
        **named,
        "countries": pa.table({name: [getattr(one, name) for one in countries] for name in columns}),
        "quoted": _quoted(rows),
        "words": _words(named["contracts"]),
    }


def _quoted(rows: int) -> "pa.Table":
    """Return the exchange rates in whole millionths, each with the way that it is quoted."""
    import pyarrow as pa

    from tests.benchmarks.subjects import flat_tables
    from xlreport.analysis.rates import Quotation

    table = flat_tables.rates(rows)
    entries = [
        (currency, day, _millionths(rate), series.quotation is Quotation.BASE_PER_UNIT)
        for currency, series in table.series.items()
        for day, rate in zip(series.dates, series.rates, strict=True)
    ]
    types = (pa.string(), pa.date32(), pa.int64(), pa.bool_())
    arrays = [pa.array(column, kind) for column, kind in zip(zip(*entries, strict=True), types, strict=True)]
    return pa.table(arrays, names=["currency", "day", "millionths", "in_dollars"])


def _millionths(rate: Decimal) -> int:
    scaled = rate.scaleb(6)
    assert scaled == int(scaled), f"the rate {rate} has more than six decimals"
    return int(scaled)


def _words(contracts: "pa.Table") -> "pa.Table":
    """Return the codes of the contracts in words."""
    import pyarrow as pa

    from xlreport.fields import in_words

    columns = (contracts[name] for name in ("agreementType", "category", "cooperationForm"))
    codes = sorted({code for column in columns for code in column.unique().to_pylist() if code})
    return pa.table(
        {"name": pa.array(codes, pa.string()), "words": pa.array(map(in_words, codes), pa.string())}
    )


# --- whether it is right ----------------------------------------------------------------------------


def verify(path: Path, size: Size) -> None:
    """Hold the figures, pivots and bridge against those that both ways agree on."""
    found, expected = json.loads(path.read_text(encoding="utf-8")), _agreed(size.rows)
    assert found.keys() == expected.keys()
    differing = [name for part in expected for name in _differing(found[part], expected[part])]
    assert differing == [], f"not as agreed: {differing}"


def _differing(found: dict[str, Any], expected: dict[str, Any]) -> Iterator[str]:
    return (name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))


@functools.lru_cache
def _agreed(rows: int) -> dict[str, Any]:
    """Return the results on which xlreport and the SQL agree, down to every cell of the data sheets."""
    from tests.benchmarks.subjects import by_hand, flat_tables
    from xlreport.analysis.analyse import analyse
    from xlreport.spec import load_report

    theirs = by_hand.answered(_arrow(rows), by_hand.as_arrow)
    ours = _answers(analyse(load_report(flat_tables.REPORT), flat_tables.inputs(rows)))
    agreed, other = in_text(ours), in_text(theirs)
    differing = [name for part in agreed for name in _differing(agreed[part], other[part])]
    assert differing == [], f"xlreport and the SQL differ in {differing}"
    for name, columns in ours.data.items():
        pairs = zip(_lists(columns), _lists(theirs.data[name]), strict=True)
        unequal = [number for number, (one, another) in enumerate(pairs) if one != another]
        assert unequal == [], f"xlreport and the SQL differ in {name}, columns {unequal}"
    return agreed


def _lists(columns: Any) -> Iterator[list[Any]]:
    """Yield the values of each column, one column after another."""
    for column in getattr(columns, "columns", columns):
        yield column.to_pylist() if hasattr(column, "to_pylist") else list(column)


_FIXED = "definitions: one report, one policy of rates, 64-bit amounts"
SUBJECTS = (
    Subject(
        "analyse",
        "Compute the annual results",
        (
            Case("xlreport", _xlreport, "xlreport"),
            Case("DuckDB by hand", _by_hand("as_lists"), "duckdb", _FIXED),
            Case("DuckDB by hand, Arrow", _by_hand("as_arrow"), "duckdb", f"{_FIXED}; data as Python values"),
        ),
        verify,
        result="answers.json",
    ),
)
