"""DataFrames in and out: missing values, types, nested values and places."""

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import field, fields, findings, only, places, records

from xlreport.findings import Severity
from xlreport.sources.frames import from_frames, to_frame
from xlreport.tables import Batch, Kind, Origin, Resource


def read(frame: pd.DataFrame, **more: Any) -> list[dict[str, Any]]:  # as from_frames has it
    return records(only(from_frames({"contracts": frame}, **more)))


def test_missing_values_of_every_kind_are_absent() -> None:
    frame = pd.DataFrame(
        {
            "id": ["1", "2"],
            "a": [np.nan, 1.5],
            "b": pd.Series([pd.NA, 3], dtype="Int64"),
            "c": [pd.NaT, pd.Timestamp("2017-03-31")],
            "d": pd.Series([None, Decimal("1.10")], dtype=object),
            "e": pd.Series([Decimal("NaN"), "x"], dtype=object),
            "f": pd.Series([None, True], dtype="boolean"),
            "g": pd.Series([np.nan, "NA"], dtype="category"),
        }
    )
    assert read(frame) == [
        {"id": "1"},
        {
            "id": "2",
            "a": Decimal("1.5"),
            "b": 3,
            "c": "2017-03-31",
            "d": Decimal("1.10"),
            "e": "x",
            "f": True,
            "g": "NA",
        },
    ]


def test_numpy_types_become_those_of_python() -> None:
    frame = pd.DataFrame(
        {
            "small": np.array([0.1], dtype=np.float32),
            "byte": np.array([7], dtype=np.uint8),
            "flag": np.array([True]),
            "mixed": pd.Series([np.float64(0.1)], dtype=object),
            "span": [pd.Timedelta(hours=30)],
            "moment": [pd.Timestamp("2017-03-31 08:15", tz="Europe/Lisbon")],
            "day": [dt.date(2017, 3, 31)],
            "stamp": pd.Series([np.datetime64("2017-03-31")], dtype=object),
        }
    )
    (record,) = read(frame)
    assert record == {
        "small": Decimal("0.1"),
        "byte": 7,
        "flag": True,
        "mixed": Decimal("0.1"),
        "span": "30:00:00",
        "moment": "2017-03-31T08:15:00+01:00",
        "day": "2017-03-31",
        "stamp": "2017-03-31",
    }
    assert type(record["flag"]) is bool


def test_infinite_numbers_are_missing_with_a_warning() -> None:
    resource = only(
        from_frames({"contracts": pd.DataFrame({"id": ["1", "2"], "value/amount": [1.5, np.inf]})})
    )
    assert records(resource) == [{"id": "1", "value": {"amount": Decimal("1.5")}}, {"id": "2"}]
    (found,) = findings(resource)
    assert (found.code, found.severity, found.record) == ("not-a-number", Severity.WARNING, 1)
    assert str(found.place) == "DataFrame:2 value/amount"


def test_fields_decide_and_places_are_rows() -> None:
    described = fields(field("id"), field("value/amount", Kind.DECIMAL, "Amount"), field("signed", Kind.DATE))
    frame = pd.DataFrame(
        {"id": [1.0, 2.0], "Amount": ["5", "6.50"], "signed": pd.to_datetime(["2017-03-31", None])}
    )
    resource = only(from_frames({"contracts": frame}, described))
    assert records(resource) == [
        {"id": "1", "value": {"amount": Decimal(5)}, "signed": "2017-03-31"},
        {"id": "2", "value": {"amount": Decimal("6.50")}},
    ]
    assert places(resource, "value", "amount") == ["DataFrame:1 Amount", "DataFrame:2 Amount"]


def test_nested_values_are_kept_as_json() -> None:
    nested = {"x": [1.5, np.nan, {"y": np.int64(3), "z": None}], "day": dt.date(2017, 1, 1)}
    frame = pd.DataFrame({"a": [nested], "b": [[np.inf, 1]], "c": [np.array([1, 2])], "d": [("x", "y")]})
    assert read(frame) == [
        {
            "a": {"x": [Decimal("1.5"), {"y": 3}], "day": "2017-01-01"},
            "b": [1],
            "c": [1, 2],
            "d": ["x", "y"],
        }
    ]


def test_dataset_of_several_frames() -> None:
    dataset = from_frames(
        {"a": pd.DataFrame({"id": ["1"]}), "b": pd.DataFrame()}, name="n", title="t", notes=["x"]
    )
    assert (dataset.names, dataset.name, dataset.title, dataset.notes) == (("a", "b"), "n", "t", ("x",))
    assert dataset["a"].sources == ()
    assert records(dataset["b"]) == []


def test_long_frames_come_in_batches() -> None:
    resource = only(from_frames({"a": pd.DataFrame({"id": range(2100)})}))
    assert [len(batch.records) for batch in resource.batches()] == [1000, 1000, 100]
    assert [record["id"] for record in resource.records()] == list(range(2100))


def test_resource_becomes_a_frame_without_loss() -> None:
    given_records = [{"id": "1", "v": Decimal("1.10"), "n": {"x": [1]}}, {"id": "2", "w": 2**70, "t": True}]
    resource = Resource("c", lambda: iter([Batch(given_records, Origin("a.json", "json"))]))
    frame = to_frame(resource)
    assert list(frame.columns) == ["id", "v", "n", "w", "t"]
    assert frame.to_dict("records") == [
        {"id": "1", "v": Decimal("1.10"), "n": {"x": [1]}, "w": None, "t": None},
        {"id": "2", "v": None, "n": None, "w": 2**70, "t": True},
    ]
    assert read(frame) == given_records


@given(
    st.lists(
        st.fixed_dictionaries(
            {"id": st.text(min_size=1).map(lambda text: f"x{text}x")},
            optional={
                "a": st.integers(-(2**80), 2**80),
                "b": st.decimals(allow_nan=False, allow_infinity=False),
                "c": st.booleans(),
                "d": st.lists(st.integers(), min_size=1),
            },
        ),
        min_size=1,
        max_size=5,
    )
)
def test_frame_and_back(given_records: list[dict[str, Any]]) -> None:
    resource = Resource("c", lambda: iter([Batch(given_records, Origin("a.json", "json"))]))
    assert read(to_frame(resource)) == given_records


@pytest.mark.parametrize("module", ["xlreport.sources", "xlreport.sources.opening"])
def test_pandas_is_not_loaded_unless_asked_for(module: str) -> None:
    code = f"import sys, {module}; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
