"""The functions of the package: the stages one by one, and all of them at once."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlreport import entry, pipeline
from xlreport.entry import FormDelivery
from xlreport.errors import MachineError, UsageError
from xlreport.files import Compression
from xlreport.findings import Findings, Mask
from xlreport.marked import Marked, MarkOptions
from xlreport.marked import mark as marked
from xlreport.pipeline import Data, Delivery, Options
from xlreport.plan import WorkbookPlan  # loaded later, it would take the name of `plan` below
from xlreport.tables import NOTHING_WANTED, Dataset
from xlreport.text import did_you_mean, listing
from xlreport.uploads import USUAL, Limits

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["build", "check", "form", "mark", "plan", "read", "to_pandas", "write"]


def read(data: Data, *, schema: str | Path | None = None, limits: Limits = USUAL) -> Dataset:
    """Open a dataset: a dataset file, a folder, data files, ``-``, or a mapping of names to DataFrames.

    Records are read when they are asked for, batch by batch; ``dataset["contracts"].records()`` iterates
    over them. ``schema``, a JSON Schema file or the name of a shipped one, says which type a text in a
    CSV file or a sheet is meant to be; `check`, `plan` and `build` hold the dataset against the same one.
    ``limits`` says what files may hold (`UNTRUSTED` for those of strangers); more is a finding, and not read.
    UsageError where a file is missing, SpecError where a dataset file is wrong.
    """
    return pipeline.open_register(data, schema, limits).dataset


def to_pandas(dataset: Dataset, resource: str) -> "pd.DataFrame":
    """Return the records of one resource of a dataset, such as ``contracts``, as a DataFrame.

    A column for each member, all of dtype object: a Decimal stays one, dates are ISO text, nested values
    stay lists and dicts, and what a record lacks is None. ``read({"contracts": frame})`` is the way back.
    UsageError where the dataset has no such resource, MachineError where pandas is not installed.
    """
    if resource not in dataset.names:
        known = f"it has {listing(dataset.names) or 'none'}{did_you_mean(resource, dataset.names)}"
        message = f"The dataset has no resource '{resource}'; {known}"
        raise UsageError(message)
    try:
        from xlreport.sources.frames import to_frame  # only who asks for DataFrames has pandas
    except ImportError as error:
        message = "DataFrames need pandas, which is not installed: pip install 'xlreport[pandas]'."
        raise MachineError(message) from error
    return to_frame(dataset[resource])


def check(
    data: Data,
    *,
    schema: str | Path | None = None,
    engine: str = "",
    limits: Limits = USUAL,
    mask: Mask = "",
) -> Findings:
    """Check every record, key and reference of a dataset; return all findings, in the order found.

    ``schema`` is a JSON Schema file or the name of a shipped one; without it the one that the dataset file
    names, or ours for contracts and partners. ``limits`` are those of `read`. ``mask`` hides the
    values of fields that the schema marks ``x-confidential``, or those of ``all``. `Finding.said_in` says a
    finding in another language. SchemaError where the schema is none.
    """
    register = pipeline.open_register(data, schema, limits)
    return pipeline.check(register, engine, wanted=NOTHING_WANTED, mask=mask).findings


def mark(
    file: str | Path,
    output: str | Path,
    others: Sequence[str | Path] = (),
    *,
    schema: str | Path | None = None,
    language: str = "en",
    in_place: bool = False,
    limits: Limits = USUAL,
) -> Marked:
    """Check a workbook of the user's own; write it with its mistakes marked and everything else untouched.

    Mistakes are filled and noted at their cells and listed on a sheet with links; marks from before go.
    ``others`` are files that belong to the same dataset, or the dataset file. ``output`` may be ``file`` only
    where ``in_place`` is True. ``limits`` are those of `read`. UsageError where the file is no .xlsx or .xlsm
    workbook, FindingsError where nothing of it can be read.
    """
    return marked(file, output, others, MarkOptions(schema, "", language, in_place, limits))


def plan(
    report: str | Path,
    data: Data,
    *,
    schema: str | Path | None = None,
    set_aside: bool = False,
    rates: str | Path | None = None,
    regions: str | Path | None = None,
    theme: str | Path = "",
    limits: Limits = USUAL,
    **parameters: Any,  # each is checked against the report's parameters
) -> WorkbookPlan:
    """Return what a report's workbook will be, settled to the last cell, without writing it.

    ``parameters`` are those of the report: period, base_currency, rate_policy, fixed_rate_date,
    lookback_years, history, top_n, organisation, language; an unknown one is a SpecError with the nearest
    name. ``theme`` is the name of a shipped theme or a brand file; without it the report's own, or the usual.
    ``limits`` are those of `read`.
    FindingsError, with every finding, where the data has errors and ``set_aside`` is False.
    """
    options = Options(schema, "", set_aside, rates, regions, None, parameters, theme=theme, limits=limits)
    return pipeline.make_plan(report, data, options)


def write(plan: WorkbookPlan, path: str | Path, *, compression: Compression = "speed") -> Path:
    """Write a plan as an .xlsx workbook, whole or not at all; MachineError where it cannot be written.

    ``compression`` is "speed" or, for a smaller file that takes longer to write, "size".
    """
    return pipeline.write(plan, path, compression)


def build(  # noqa: PLR0913  # every option of a run has its name here
    report: str | Path,
    data: Data,
    output: str | Path,
    *,
    schema: str | Path | None = None,
    set_aside: bool = False,
    rates: str | Path | None = None,
    regions: str | Path | None = None,
    compression: Compression = "speed",
    theme: str | Path = "",
    limits: Limits = USUAL,
    **parameters: Any,  # each is checked against the report's parameters
) -> Delivery:
    """Read, check, analyse, plan and write: from the data to the finished workbook.

    Takes what `plan` takes, the path of the workbook, and ``compression`` as `write` does. Returns where the
    workbook is, its size and SHA-256, the findings, and the sentences of the statement.
    """
    options = Options(schema, "", set_aside, rates, regions, None, parameters, compression, theme, limits)
    return pipeline.build(report, data, output, options)


def form(
    schema: str | Path,
    output: str | Path,
    *,
    data: Data | None = None,
    language: str = "en",
    theme: str | Path = "",
    rows: int = entry.ROWS,
) -> FormDelivery:
    """Write the entry form of a JSON Schema: a workbook in which people fill in records.

    ``schema`` is a file or the name of a shipped one: dataset, contract, partner. The form has ``rows`` rows
    ready on each sheet, in a ``language`` and a ``theme``, and holds the records of ``data`` where it is
    given; what of them does not fit into cells as it is, is in the findings of the result. What has been
    filled in is read like any spreadsheet, by `check` or `read`.
    """
    return entry.make_form(schema, output, data=data, language=language, theme=theme, rows=rows)
