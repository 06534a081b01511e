"""Findings: every problem found in the data, with its place and what to do about it."""

import enum
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from xlreport.errors import XlreportError
from xlreport.language import Language
from xlreport.sentences import Name, Sentence
from xlreport.text import plural

__all__ = ["Finding", "Findings", "FindingsError", "Mask", "Place", "Severity"]

Mask = Literal["", "confidential", "all"]
"""Whose values findings hide: nobody's, those of fields marked ``x-confidential``, or those of all."""


class Severity(enum.StrEnum):
    """How much a finding weighs: an error keeps its record out of the figures, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands, in the words of the file that it came from."""

    file: str = ""
    """The file's name as the user gave it."""
    sheet: str = ""
    row: int | None = None
    """1-based: the row of a sheet, the line of a text file, the position in a JSON array."""
    column: str = ""
    """The column's heading as it stands in the file."""
    cell: str = ""
    """The address in a sheet, such as F17."""
    path: str = ""
    """The JSON path inside the record, such as $.value.amount."""

    def __str__(self) -> str:
        """Return the place in one word or two: ``Contracts!F17``, ``contracts.ndjson:12 $.value.amount``."""
        if self.sheet:
            return f"{self.sheet}!{self.cell or f'row {self.row}'}"
        where = self.file if self.row is None else f"{self.file}:{self.row}"
        detail = self.column or ("" if self.path == "$" else self.path)
        return " ".join(part for part in (where, detail) if part)

    def in_words(self) -> str:
        """Return the place as a sentence, or a name, that every language can say."""
        if self.sheet and not self.cell:
            return Sentence("{sheet}!row {row}", sheet=Name(self.sheet), row=Name(self.row))
        return Name(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem, said so that a person can act on it."""

    code: str
    """Kebab-case name of the kind of problem; ``xlreport explain CODE`` says more."""
    severity: Severity
    message: str
    """One whole sentence: what is wrong, the value, what is allowed."""
    hint: str = ""
    """What to do about it, or an empty string."""
    table: str = ""
    """The resource that the record belongs to, such as ``contracts``."""
    record: int | None = None
    """0-based position of the record in its resource; None for a problem of a whole file."""
    key: str = ""
    """The record's primary key as text."""
    place: Place = field(default_factory=Place)
    value: object = None
    expected: str = ""
    group: str = ""
    """Rule and path without indices: findings of one group are the same mistake in many records."""

    def said_in(self, language: Language) -> "Finding":
        """Return the finding with its sentences in a language; its code and its place stay as they are."""
        return replace(
            self,
            message=language.said(self.message),
            hint=language.said(self.hint),
            key=language.said(self.key),
            expected=language.said(self.expected),
        )


class Findings:
    """All findings of a run, in the order in which they were found."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        """Start with ``findings``."""
        self._findings = list(findings)

    def add(self, finding: Finding) -> None:
        """Append one finding."""
        self._findings.append(finding)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Append several findings."""
        self._findings.extend(findings)

    def __iter__(self) -> Iterator[Finding]:
        """Iterate in the order of discovery."""
        return iter(self._findings)

    def __len__(self) -> int:
        """Count the findings of every severity."""
        return len(self._findings)

    def __getitem__(self, position: int) -> Finding:
        """Return the finding at ``position``."""
        return self._findings[position]

    def of(self, severity: Severity) -> "Findings":
        """Return the findings of one severity."""
        return Findings(finding for finding in self._findings if finding.severity is severity)

    @property
    def errors(self) -> "Findings":
        """The findings that keep a record, or the whole input, out of the figures."""
        return self.of(Severity.ERROR)

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity."""
        return sum(finding.severity is severity for finding in self._findings)

    def in_words(self) -> str:
        """Return ``3 errors, 1 warning``."""
        errors, warnings = self.count(Severity.ERROR), self.count(Severity.WARNING)
        return f"{plural(errors, 'error')}, {plural(warnings, 'warning')}"

    def rejected(self, table: str) -> frozenset[int]:
        """Return the 0-based positions of the records of ``table`` that have at least one error."""
        return frozenset(
            finding.record
            for finding in self._findings
            if finding.table == table and finding.record is not None and finding.severity is Severity.ERROR
        )

    def fatal(self) -> "Findings":
        """Return the errors that belong to no record: an input that cannot be read at all."""
        return Findings(finding for finding in self.errors if finding.record is None)

    def groups(self) -> list[tuple[Finding, int]]:
        """Return the first finding of each group with the number of findings in it, largest first."""
        firsts: dict[tuple[str, str, str], Finding] = {}
        counts: Counter[tuple[str, str, str]] = Counter()
        for finding in self._findings:
            group = (finding.table, finding.code, finding.group)
            firsts.setdefault(group, finding)
            counts[group] += 1
        return [(firsts[group], count) for group, count in counts.most_common()]


class FindingsError(XlreportError):
    """The data has errors and the caller did not ask to set the records aside."""

    exit_code = 1

    def __init__(self, message: str, findings: Findings) -> None:
        """Carry ``findings`` so that the caller can show every one of them."""
        super().__init__(message)
        self.findings = findings
