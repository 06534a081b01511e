"""The stages in their order: read, check, analyse, plan, write.

The command line, the Python functions and every other door call the functions here, so a report comes
out the same whichever way it was asked for. The libraries behind a stage are imported when the stage is
reached: ``xlreport --help`` and a button in Excel wait for none of them. The first stage has a module of
its own, `register`.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xlreport.collector import collector_resting
from xlreport.errors import SpecError, UsageError
from xlreport.filenames import portable, with_names
from xlreport.files import Compression, check_compression, check_target, refuse_input
from xlreport.findings import Findings, FindingsError, Mask, Severity
from xlreport.language import Language
from xlreport.languages import load_language
from xlreport.register import Data, Register, open_register
from xlreport.tables import Dataset, Table, Wanted
from xlreport.text import listing, plural
from xlreport.uploads import USUAL, Limits

if TYPE_CHECKING:
    from xlreport.analysis.regions import Regions
    from xlreport.analysis.results import Analysis, Quality
    from xlreport.checks import Checked
    from xlreport.plan import WorkbookPlan
    from xlreport.spec import ReportSpec

__all__ = [
    "STAGES",
    "Data",
    "Delivery",
    "Options",
    "Progress",
    "Register",
    "build",
    "check",
    "make_plan",
    "open_register",
    "write",
]

STAGES: Final = ("read", "check", "analyse", "plan", "write")

Progress = Callable[[str, str], None]
"""Called with a stage and what it has done: once at its end, or, while it goes on, every now and then."""

_ENDING: Final = ".xlsx"


def silent(_stage: str, _done: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a report is made, apart from its definition and its data."""

    schema: str | Path | None = None
    """A JSON Schema file, or the name of a shipped one; None takes what the dataset file names."""
    engine: str = ""
    """jsonschema-rs or jsonschema; the first where it is installed."""
    set_aside: bool = False
    """Leave records with errors out, counted, instead of stopping."""
    rates: str | Path | None = None
    """A rates table (CSV); None takes what the dataset file names."""
    regions: str | Path | None = None
    """A table of countries and regions; None takes the dataset file's, or the shipped one."""
    as_of: dt.datetime | None = None
    """Time that the workbook bears; None takes SOURCE_DATE_EPOCH, or the end of the period."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Changes to the report's parameters, by the names of `Parameters`."""
    compression: Compression = "speed"
    """Whether the workbook is to be written quickly, or small, which takes longer."""
    theme: str | Path = ""
    """Name of a shipped theme, or a brand file; empty takes what the report names, or the usual one."""
    limits: Limits = USUAL
    """What the files may hold at most."""
    mask: Mask = ""
    """Whose values findings hide: nobody's, those of ``confidential`` fields, or ``all``."""

    def __post_init__(self) -> None:
        """UsageError at the start for what would otherwise come to light at the end."""
        check_compression(self.compression)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was written where."""

    path: Path
    size: int
    """Bytes."""
    sha256: str
    sheets: int
    findings: Findings
    quality: "Quality"
    beside: tuple[Path, ...] = ()
    """Parquet files with the rows that are too many for the workbook."""
    statement: tuple[str, ...] = ()
    """The sentences of the statement, where the report has one."""


# --- 2 check ----------------------------------------------------------------------------------------


def check(
    register: Register,
    engine: str = "",
    progress: Progress = silent,
    wanted: Wanted | None = None,
    going: Progress = silent,
    mask: Mask = "",
) -> "Checked":
    """Check every record, key and reference; return the findings and the flat tables.

    ``mask`` says whose values are hidden in the findings, wherever they are shown afterwards. ``wanted`` are
    the columns that the tables keep; None keeps all. ``progress`` is called at the end, ``going`` on the way.
    """
    from xlreport import checks  # import cost

    with collector_resting():
        checked = checks.run(
            register.dataset,
            register.schemas,
            engine=engine or checks.DEFAULT_ENGINE,
            wanted=wanted,
            progress=lambda name, count: going("check", f"{count:,} {name}"),
        )
    progress("check", checked.findings.in_words())
    return replace(checked, findings=checks.masked(checked.findings, register.schemas, mask))


def _refuse_errors(checked: "Checked", *, set_aside: bool) -> None:
    """Stop where the findings forbid to go on."""
    errors = checked.findings.count(Severity.ERROR)
    if not errors:
        return
    fatal = checked.findings.fatal()
    unreadable = {found.table or found.place.file for found in fatal if not checked.counts.get(found.table)}
    if unreadable:  # setting aside would be of no use
        message = f"Nothing could be read of {listing(sorted(unreadable))}, so nothing was written."
        raise FindingsError(message, checked.findings)
    if not set_aside:
        message = (
            f"The data has {plural(errors, 'error')}, so nothing was written. Correct them, or set the "
            "records aside (--set-aside): they are then left out, counted, and listed in the workbook."
        )
        raise FindingsError(message, checked.findings)


# --- 3 analyse --------------------------------------------------------------------------------------


def _analyse(
    spec: "ReportSpec",
    register: Register,
    checked: "Checked",
    tables: dict[str, Table],
    options: Options,
    language: Language,
    shorten: Callable[[str], str],
    going: Progress,
) -> "Analysis":
    from xlreport.analysis.analyse import Inputs, analyse  # import cost
    from xlreport.sources.rates import read_rates  # import cost

    dataset = register.dataset
    rates = None
    if options.rates:
        rates = read_rates(options.rates)
    elif dataset.rates:
        rates = read_rates(dataset.rates, dataset.folder)
    checked.findings.extend(rates.findings if rates else ())
    regions = _regions(dataset, options)
    sources = [(shorten(name), sha) for resource in dataset.resources for name, sha in resource.sources]
    sources += [(table.source, table.sha256) for table in (rates, regions) if table and table.sha256]
    return analyse(
        spec,
        Inputs(
            tables=tables,
            regions=regions,
            rates=rates,
            quality=_quality(checked),
            sources=tuple(dict.fromkeys(sources)),
            title=dataset.title or dataset.name,
            notes=dataset.notes,
            language=language,
        ),
        lambda step: going("analyse", step),
    )


def _regions(dataset: Dataset, options: Options) -> "Regions":
    from xlreport.resources import workbooks_folder  # import cost
    from xlreport.sources.regions import read_regions  # import cost

    own = Path(dataset.folder) / dataset.regions if dataset.regions else None
    return read_regions(options.regions or own or workbooks_folder() / "regions.csv")


def _quality(checked: "Checked") -> "Quality":
    from xlreport.analysis.results import Quality  # import cost

    return Quality(
        read=dict(checked.counts),
        set_aside={name: len(records) for name, records in checked.rejected.items() if records},
        reasons=tuple(_reasons(checked.findings)),
        warnings=checked.findings.count(Severity.WARNING),
        rules=checked.outcomes,
    )


def _reasons(findings: Findings) -> list[tuple[str, str, int]]:
    """Count, per register and kind of error, the records that have it."""
    found: dict[tuple[str, str], set[int]] = {}
    for finding in findings.errors:
        if finding.record is not None:
            found.setdefault((finding.table, finding.code), set()).add(finding.record)
    counts = Counter({key: len(records) for key, records in found.items()})
    return [(table, code, count) for (table, code), count in counts.most_common()]


# --- 4 plan -----------------------------------------------------------------------------------------


def make_plan(
    report: str | Path,
    data: Data | Register,
    options: Options = Options(),
    progress: Progress = silent,
) -> "WorkbookPlan":
    """Run the stages up to the plan of the workbook."""
    return _planned(report, data, options, progress)[0]


def _planned(
    report: str | Path,
    data: Data | Register,
    options: Options,
    progress: Progress,
    output: Path | None = None,
    going: Progress = silent,
) -> "tuple[WorkbookPlan, Analysis, Findings]":
    from xlreport.as_of import EARLIEST, as_of, latest_day  # import cost
    from xlreport.layout.workbook import lay_out  # import cost
    from xlreport.spec import folder_of, load_report, wanted_columns  # import cost
    from xlreport.themes import in_the_name_of, theme_for  # import cost

    spec = load_report(report, **options.parameters)
    language = load_language(spec.parameters.language, folder_of(report))
    theme = theme_for(spec, report, options.theme)
    spec = in_the_name_of(theme, spec)
    register = data if isinstance(data, Register) else open_register(data, options.schema, options.limits)
    if output:
        refuse_input(output, _inputs(report, register.dataset, options))
    names = register.dataset.names
    progress("read", f"{plural(len(names), 'register')}: {listing(names)}")
    checked = check(register, options.engine, progress, wanted_columns(spec), going, options.mask)
    _refuse_errors(checked, set_aside=options.set_aside)
    given = [name for resource in register.dataset.resources for name, _ in resource.sources]
    shorten = portable(given, register.dataset.folder)
    tables = checked.used()
    latest = EARLIEST if spec.date else latest_day(tables)
    checked = replace(checked, tables={})  # so that the analysis can let go of each table
    try:
        with collector_resting():
            analysis = _analyse(spec, register, checked, tables, options, language, shorten, going)
    except SpecError as error:
        message = f"{report} {error}" if str(error).startswith("$") else str(error)
        raise SpecError(message) from error
    progress("analyse", f"{plural(len(analysis.figures), 'figure')}, {plural(len(analysis.pivots), 'pivot')}")
    findings = _shortened(checked.findings, shorten)
    day = analysis.period.end if analysis.spec.date else latest
    plan = lay_out(analysis, findings, as_of=as_of(options.as_of, day), theme=theme)
    if output:
        for detail in plan.details:
            refuse_input(detail.beside(output), _inputs(report, register.dataset, options))
    progress("plan", plural(len(plan.sheets), "sheet"))
    return plan, analysis, checked.findings


def _inputs(report: str | Path, dataset: Dataset, options: Options) -> list[str | Path]:
    """Return every path that a run reads from."""
    beside = [name for name in (dataset.rates.get("path"), dataset.regions) if name]
    own = (options.rates, options.regions, options.schema, options.theme)
    named = [name for name in (*own, dataset.schema) if name]
    return [report, *dataset.files, *(Path(dataset.folder) / name for name in beside), *named]


def _shortened(findings: Findings, shorten: Callable[[str], str]) -> Findings:
    """Return the findings for the workbook, which does not tell where on the machine the files lay."""
    return Findings(
        replace(
            finding,
            message=with_names(finding.message, shorten),
            hint=with_names(finding.hint, shorten),
            place=replace(finding.place, file=shorten(finding.place.file)),
        )
        for finding in findings
    )


# --- 5 write ----------------------------------------------------------------------------------------


def write(
    plan: "WorkbookPlan", path: str | Path, compression: Compression = "speed", going: Progress = silent
) -> Path:
    """Write a plan as an .xlsx workbook, in one step: whole, or not at all.

    Rows that are too many for a workbook are written before it, as Parquet files beside it.
    """
    from xlreport.backends import parquet, xlsx  # import cost

    _check_output(Path(path))
    for detail in plan.details:
        going("write", f"{detail.height:,} rows of {detail.name}")
        parquet.write(detail, detail.beside(Path(path)))

    def written(sheet: str, rows: int) -> None:
        going("write", f"{rows:,} rows of {sheet}")

    return xlsx.write(plan, path, compression=compression, progress=written)


def _check_output(path: Path) -> None:
    """Refuse a path that is not that of a workbook to write: a folder, a device, another ending."""
    check_target(path)
    if path.suffix.lower() != _ENDING:
        message = f"{path}: the name of a workbook ends in {_ENDING}; give {path.with_suffix(_ENDING)}."
        raise UsageError(message)


def build(
    report: str | Path,
    data: Data,
    output: str | Path,
    options: Options = Options(),
    progress: Progress = silent,
    going: Progress = silent,
) -> Delivery:
    """Run all stages: from the data to the finished workbook.

    ``progress`` is called at the end of each stage, ``going`` every now and then while one goes on.

    FindingsError, with every finding, where the data has errors and they are not to be set aside.
    MachineError where the workbook cannot be written; what is plain at the start is said at the start.
    """
    _check_output(Path(output))
    plan, analysis, findings = _planned(report, data, options, progress, Path(output), going)
    path = write(plan, output, options.compression, going)
    content = path.read_bytes()
    progress("write", listing([str(path), *(str(detail.beside(path)) for detail in plan.details)]))
    return Delivery(
        path=path,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        sheets=len(plan.sheets),
        findings=findings,
        quality=analysis.quality,
        beside=tuple(detail.beside(path) for detail in plan.details),
        statement=_statement(plan, analysis),
    )


def _statement(plan: "WorkbookPlan", analysis: "Analysis") -> tuple[str, ...]:
    """Return the sentences on the statement sheet."""
    from xlreport.styles import Role  # import cost

    names = [sheet.name for sheet in analysis.spec.sheets if sheet.kind == "statement"]
    return tuple(
        str(row[0])
        for name in names
        for block in plan.sheet(name).blocks
        if block.role is Role.TEXT
        for row in block.rows()
    )
