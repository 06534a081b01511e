"""Stand before every reader: a file that is beyond the limits, or made to harm, is not opened."""

from collections.abc import Iterable, Iterator

from xlreport.findings import Finding, Severity
from xlreport.sources.description import Part
from xlreport.sources.items import UnreadableError
from xlreport.uploads import look, too_many

__all__ = ["carried", "guard", "guard_count", "refusal"]


def guard(part: Part) -> None:
    """Raise UnreadableError where something speaks against reading the file."""
    finding = refusal(part)
    if finding:
        raise UnreadableError(finding)


def refusal(part: Part) -> Finding | None:
    """Return what speaks against reading the file, if anything does."""
    findings = look(part.path, part.file, part.format, part.limits)
    return next((finding for finding in findings if finding.severity is Severity.ERROR), None)


def guard_count(part: Part, what: str, count: int) -> None:
    """Raise UnreadableError where the file has more ``columns`` or ``values`` than may be read."""
    finding = too_many(part.file, what, count, part.limits)
    if finding:
        raise UnreadableError(finding)


def carried(parts: Iterable[Part]) -> Iterator[Finding]:
    """Iterate over the notes of what workbooks carry that is not read."""
    for path, part in {part.path: part for part in parts}.items():
        findings = look(path, part.file, part.format, part.limits)
        yield from (finding for finding in findings if finding.severity is not Severity.ERROR)
