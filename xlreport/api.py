"""The functions of the package: the stages one by one, and all of them at once."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlreport import pipeline
from xlreport.findings import Findings
from xlreport.pipeline import Data, Delivery, Options
from xlreport.tables import Dataset

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from xlreport.plan import WorkbookPlan

__all__ = ["build", "check", "plan", "read", "write"]


def read(data: "Data | Mapping[str, pd.DataFrame]", *, schema: str | Path | None = None) -> Dataset:
    """Open a dataset: a dataset file, a folder, data files, ``-``, or a mapping of names to DataFrames.

    Records are read when they are asked for, batch by batch; ``dataset["contracts"].records()`` iterates
    over them. ``schema``, a JSON Schema file or the name of a shipped one, says which type a text in a
    CSV file or a sheet is meant to be. UsageError where a file is missing, SpecError where a dataset file
    is wrong.
    """
    if isinstance(data, dict):
        from xlreport.sources.frames import from_frames  # only who passes DataFrames has pandas

        return from_frames(data)
    return pipeline.open_register(data, schema).dataset  # type: ignore[arg-type]  # the rest of the union


def check(
    data: "Data | Mapping[str, pd.DataFrame]", *, schema: str | Path | None = None, engine: str = ""
) -> Findings:
    """Check every record, key and reference of a dataset; return all findings, in the order found.

    ``schema`` is a JSON Schema file or the name of a shipped one; without it the one that the dataset file
    names, or ours for contracts and partners. SchemaError where it is no schema.
    """
    if isinstance(data, dict):
        data = read(data)
    return pipeline.check(pipeline.open_register(data, schema), engine).findings  # type: ignore[arg-type]


def plan(
    report: str | Path,
    data: "Data | Mapping[str, pd.DataFrame]",
    *,
    schema: str | Path | None = None,
    set_aside: bool = False,
    rates: str | Path | None = None,
    regions: str | Path | None = None,
    **parameters: Any,  # each is checked against the report's parameters
) -> "WorkbookPlan":
    """Return what a report's workbook will be, settled to the last cell, without writing it.

    ``parameters`` are those of the report: period, base_currency, rate_policy, lookback_years, history,
    top_n, organisation; an unknown one is a SpecError with the nearest name. FindingsError, with every
    finding, where the data has errors and ``set_aside`` is False.
    """
    options = Options(schema, "", set_aside, rates, regions, None, parameters)
    return pipeline.make_plan(report, read(data) if isinstance(data, dict) else data, options)  # type: ignore[arg-type]


def write(plan: "WorkbookPlan", path: str | Path) -> Path:
    """Write a plan as an .xlsx workbook, whole or not at all; MachineError where it cannot be written."""
    return pipeline.write(plan, path)


def build(
    report: str | Path,
    data: "Data | Mapping[str, pd.DataFrame]",
    output: str | Path,
    *,
    schema: str | Path | None = None,
    set_aside: bool = False,
    rates: str | Path | None = None,
    regions: str | Path | None = None,
    **parameters: Any,  # each is checked against the report's parameters
) -> Delivery:
    """Read, check, analyse, plan and write: from the data to the finished workbook.

    Takes what `plan` takes, and the path of the workbook. Returns where it is, its size and SHA-256, the
    findings, and the sentences of the statement.
    """
    options = Options(schema, "", set_aside, rates, regions, None, parameters)
    return pipeline.build(report, read(data) if isinstance(data, dict) else data, output, options)  # type: ignore[arg-type]
