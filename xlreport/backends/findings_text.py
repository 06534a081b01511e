"""Turn findings into lines for the terminal: first the mistakes made more than once, then each finding."""

import textwrap
from collections.abc import Iterator
from typing import Final

from rich.console import Console
from rich.text import Text

from xlreport.findings import Finding, Findings, Place, Severity
from xlreport.text import listing, plural

__all__ = ["write"]

_STYLES: Final = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold blue"}
_NEW_LINE: Final = Text("\n")
_INDENT: Final = "  "
_AT_ONCE: Final = 200
"""Findings handed to the console in one piece: it takes its time over each piece."""
_NOUNS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def write(findings: Findings, console: Console, *, most: int | None = None) -> None:
    """Print ``findings`` on ``console``: all of them, or the first ``most`` and how many more there are."""
    if not len(findings):
        console.print("No findings.")
        return
    console.print(Text(_summary(findings), "bold"))
    repeated = [(first, count) for first, count in findings.groups() if count > 1]
    if repeated:
        console.print("Made more than once:")
        for line in _summed(repeated):
            console.print(line, no_wrap=True, overflow="ellipsis")
    console.print()
    shown = list(findings)[:most]
    for start in range(0, len(shown), _AT_ONCE):
        # the sentences are wrapped already; a place is to be found in one piece when it is searched for
        console.print(
            _NEW_LINE.join(_entry(each, console.width) for each in shown[start : start + _AT_ONCE]),
            soft_wrap=True,
        )
    if len(shown) < len(findings):
        more = plural(len(findings) - len(shown), "more finding")
        console.print(Text(f"{more} not shown here; they are counted above.", "dim"))


def _summary(findings: Findings) -> str:
    """Return ``3 errors and 1 warning in 2 records``."""
    counts = [(severity, findings.count(severity)) for severity in Severity]
    said = listing([plural(count, _NOUNS[severity]) for severity, count in counts if count])
    records = {(finding.table, finding.record) for finding in findings if finding.record is not None}
    return f"{said} in {plural(len(records), 'record')}" if records else said


def _summed(groups: list[tuple[Finding, int]]) -> Iterator[Text]:
    """Yield a line for each mistake made more than once; what does not fit stands in the list below."""
    counts = [f"{count:,}" for _, count in groups]
    number, kind = max(map(len, counts)), max(len(first.code) for first, _ in groups)
    for count, (first, _) in zip(counts, groups, strict=True):
        yield Text.assemble(
            f"{count:>{number}} x  ",
            (f"{first.code:{kind}}", _STYLES[first.severity]),
            f"  {_safe(first.message)}",
        )


def _entry(finding: Finding, width: int) -> Text:
    """Return the place with the kind of finding, and under it what is wrong and what to do."""
    said = _safe(f"{finding.message} {finding.hint}".rstrip())
    return Text.assemble(
        (_NOUNS[finding.severity], _STYLES[finding.severity]),
        f"  {_safe(_where(finding.place))}" if str(finding.place) else "",
        (f"  {finding.table} {_safe(finding.key)}" if finding.key else "", "dim"),
        (f"  [{finding.code}]\n", "dim"),
        textwrap.fill(said, width, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False),
    )


def _where(place: Place) -> str:
    """Return the place, with the path of a value that has no cell of its own."""
    return f"{place} {place.path}" if place.sheet and not place.cell and place.path != "$" else str(place)


def _safe(text: str) -> str:
    """Return the text with what would steer the terminal, or turn the writing round, shown as its code."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()
