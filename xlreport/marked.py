"""Turn a user's workbook and its findings into the same workbook with the mistakes marked in it.

The workbook is read and held against its schema as every dataset is; what is found is then filled and noted
at its cell and listed on a sheet of its own.
"""

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xlreport.cells import column_number, cut
from xlreport.errors import UsageError
from xlreport.files import check_target, refuse_input
from xlreport.findings import Finding, Findings, FindingsError, Mask, Severity
from xlreport.language import ENGLISH, Language, key
from xlreport.languages import load_language
from xlreport.marks import Mark
from xlreport.pipeline import Progress, check, open_register, silent
from xlreport.tables import NOTHING_WANTED
from xlreport.uploads import USUAL, Limits, look

if TYPE_CHECKING:
    from xlreport.backends.marking import Facts
    from xlreport.plan import WorkbookPlan

__all__ = ["MarkOptions", "Marked", "mark"]

_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]*)")
_MOST_NOTE: Final = 1_000
"""Characters of a note; what is longer is read on the sheet of issues."""
_HEADINGS: Final = {Severity.ERROR: key("Error"), Severity.WARNING: key("Warning")}


@dataclass(frozen=True, slots=True)
class MarkOptions:
    """How a workbook is marked."""

    schema: str | Path | None = None
    """A JSON Schema file, or the name of a shipped one."""
    engine: str = ""
    language: str = ENGLISH.code
    """Of the notes and of the sheet of issues."""
    in_place: bool = False
    """Whether the marked workbook may take the place of the one that is read."""
    limits: Limits = USUAL
    """What the files may hold at most."""
    mask: Mask = ""
    """Whose values the notes hide: nobody's, those of ``confidential`` fields, or ``all``."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A workbook whose mistakes are marked."""

    path: Path
    findings: Findings
    cells: Mapping[str, int]
    """Sheet -> cells that bear a mark."""
    issues: str
    """Name of the sheet that lists what was found; empty where nothing was."""
    notes: tuple[str, ...] = ()
    """Sentences about what a reader may wonder at: notes that were there, a signature that is void."""
    was_marked: bool = False
    """Whether the workbook had marks from before, which are gone."""


def mark(
    file: str | Path,
    output: str | Path,
    others: Sequence[str | Path] = (),
    options: MarkOptions = MarkOptions(),
    progress: Progress = silent,
) -> Marked:
    """Check the workbook ``file`` and write it to ``output`` with its mistakes marked.

    ``others`` are files that belong to the same dataset, such as the partners that its contracts refer to, or
    one dataset file that describes the workbook too. UsageError where the file cannot be marked or the output
    does not fit it, MachineError where it cannot be written.
    """
    from xlreport.backends import marking  # import cost

    source, target = Path(file), Path(output)
    marking.check_head(source)
    _check_safe(source, options.limits)
    _check_ending(target, marking.check_kind(source))
    check_target(target)
    refuse_input(target, others if options.in_place else [source, *others])
    language = load_language(options.language)
    register = open_register(_inputs(source, others), options.schema, options.limits)
    _check_described(source, register.dataset.files)
    checked = check(register, options.engine, progress, NOTHING_WANTED, mask=options.mask)
    findings = checked.findings
    if not any(checked.counts.values()):
        _refuse(source, findings.fatal())
    is_own = _own(source, register.dataset.folder)
    marks = _marks(findings, is_own, language)
    looks = marking.Looks(
        {severity: language.text(heading) for severity, heading in _HEADINGS.items()}, language.right_to_left
    )
    facts = marking.mark(
        source, target, marks, looks, lambda facts: _issues(findings, facts, is_own, language)
    )
    notes = tuple(_sentences(facts, ENGLISH))
    return Marked(target, findings, dict(facts.marked), facts.issues, notes, facts.was_marked)


def _inputs(source: Path, others: Sequence[str | Path]) -> list[str | Path]:
    """Return what is read: the workbook and the files with it, or the dataset file that describes it."""
    if len(others) == 1 and (Path(others[0]).is_dir() or Path(others[0]).suffix.lower() == ".json"):
        from xlreport.sources.dataset_file import is_dataset_file  # import cost

        path = Path(others[0])
        if path.is_dir() or is_dataset_file(path):
            return [path]
    return [source, *others]


def _check_ending(target: Path, ending: str) -> None:
    if target.suffix.lower() != ending:
        message = (
            f"{target}: the marked workbook is of the same kind as the one that is read, so its name ends in "
            f"{ending}; give {target.with_suffix(ending)}."
        )
        raise UsageError(message)


def _check_safe(source: Path, limits: Limits) -> None:
    """Refuse a file that holds more than it may, before anybody opens it."""
    _refuse(source, Findings(look(source, str(source), "xlsx", limits)).errors)


def _refuse(source: Path, findings: Findings) -> None:
    if len(findings):
        message = f"Nothing could be read of {source}, so nothing was written."
        raise FindingsError(message, findings)


def _check_described(source: Path, files: Iterable[str]) -> None:
    """Refuse a dataset that the workbook is no part of."""
    if not any(Path(name).samefile(source) for name in files):
        message = (
            f"{source} is not among the files of the dataset that was given; there are {', '.join(files)}."
        )
        raise UsageError(message)


def _own(source: Path, folder: str) -> Callable[[Finding], bool]:
    @functools.cache
    def is_source(name: str) -> bool:
        paths = (Path(name), Path(folder) / name)
        return bool(name) and any(path.is_file() and path.samefile(source) for path in paths)

    return lambda finding: is_source(finding.place.file)


# --- marks


def _marks(
    findings: Findings, is_own: Callable[[Finding], bool], language: Language
) -> dict[str, list[Mark]]:
    """Return one mark for each cell of the workbook that an error or a warning lies at, sheet by sheet."""
    at: dict[str, dict[tuple[int, int], list[Finding]]] = {}
    for finding in findings:
        address = _ADDRESS.fullmatch(finding.place.cell)
        if finding.severity is not Severity.INFO and address and is_own(finding):
            cell = int(address[2]), column_number(address[1])
            at.setdefault(finding.place.sheet, {}).setdefault(cell, []).append(finding)
    return {
        sheet: [_mark(row, column, found, language) for (row, column), found in sorted(cells.items())]
        for sheet, cells in at.items()
    }


def _mark(row: int, column: int, findings: Sequence[Finding], language: Language) -> Mark:
    severe = any(finding.severity is Severity.ERROR for finding in findings)
    texts = dict.fromkeys(
        f"{language.said(finding.message)} {language.said(finding.hint)}".strip() for finding in findings
    )
    text = cut("\n\n".join(texts), _MOST_NOTE)
    return Mark(row, column, Severity.ERROR if severe else Severity.WARNING, text)


def _issues(
    findings: Findings, facts: "Facts", is_own: Callable[[Finding], bool], language: Language
) -> "WorkbookPlan | None":
    """Return the sheet of issues; None where nothing is wrong."""
    from xlreport.layout.marked_issues import IssuesFacts, issues_workbook  # import cost

    if not findings.count(Severity.ERROR) + findings.count(Severity.WARNING):
        return None
    told = IssuesFacts(facts.sheets, facts.marked, is_own, tuple(_sentences(facts, language)))
    return issues_workbook(findings, told, language)


def _sentences(facts: "Facts", language: Language) -> list[str]:
    """Return what a reader of the marked workbook may wonder at."""
    told = []
    if facts.kept_notes:
        told.append(
            language.text(
                "Cells that keep the note that they had: {n}. "
                "What is wrong with them is listed among the issues.",
                n=language.number(facts.kept_notes),
            )
        )
    if facts.unnoted:
        told.append(
            language.text(
                "Cells that are filled but bear no note, since Excel would become slow: {n}.",
                n=language.number(facts.unnoted),
            )
        )
    if facts.unfilled:
        told.append(
            language.text(
                "Cells that could not be filled, since the workbook has no room for another format: {n}.",
                n=language.number(facts.unfilled),
            )
        )
    if facts.signed:
        told.append(
            language.text(
                "The digital signature of the workbook no longer holds, since the marks change its content."
            )
        )
    return told
