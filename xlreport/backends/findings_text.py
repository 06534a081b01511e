"""Turn findings into lines for the terminal: first the kinds of mistake, then each finding by its place."""

from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import Console
from rich.text import Text

from xlreport.backends.wrapping import safe, wrapped
from xlreport.checks.codes import CODES
from xlreport.findings import Finding, Findings, Place, Severity
from xlreport.language import ENGLISH, Language, key
from xlreport.sentences import Counted, Listed, Name, Numeral, Sentence, one_after_the_other
from xlreport.text import text_width

__all__ = ["in_order", "summary", "write"]

_STYLES: Final = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold blue"}
_WORDS: Final = {Severity.ERROR: key("error"), Severity.WARNING: key("warning"), Severity.INFO: key("note")}
_NEW_LINE: Final = Text("\n")
_INDENT: Final = "  "
_AT_ONCE: Final = 200
"""Findings handed to the console in one piece: it takes its time over each piece."""
_WIDEST: Final = 110
"""Columns of a sentence on a wide terminal; longer lines are hard to read."""
_RIGHT_TO_LEFT: Final = ("\u2067", "\u2069")
"""What stands around a piece of a line that runs from right to left, whichever way the terminal writes."""
_LEFT_TO_RIGHT: Final = "\u200e"
"""At the beginning of a line: it runs from left to right, whatever its first word is."""


def write(
    findings: Findings, console: Console, *, most: int | None = None, language: Language = ENGLISH
) -> None:
    """Print ``findings`` on ``console``: all of them, or the first ``most`` and how many more there are."""
    if not len(findings):
        console.print(language.said(Sentence("No findings.")))
        return
    console.print(Text(_directed(language.said(summary(findings)), language), "bold"))
    page = _Page(language, min(console.width, _WIDEST))
    for line in page.groups(findings):
        console.print(line, soft_wrap=True)
    console.print()
    shown = in_order(findings)[:most]
    for start in range(0, len(shown), _AT_ONCE):
        # the sentences are wrapped already; a place is to be found in one piece when it is searched for
        entries = map(page.entry, shown[start : start + _AT_ONCE])
        console.print(_NEW_LINE.join(entries), soft_wrap=True)
    if len(shown) < len(findings):
        more = Sentence(
            "{findings} not shown here; all are counted above.",
            findings=Counted(len(findings) - len(shown), "more finding"),
        )
        console.print(Text(language.said(more), "dim"))


def summary(findings: Findings) -> Sentence:
    """Return ``3 errors and 1 warning in 2 records``."""
    counts = {severity: findings.count(severity) for severity in Severity}
    counted = (
        Counted(counts[Severity.ERROR], "error"),
        Counted(counts[Severity.WARNING], "warning"),
        Counted(counts[Severity.INFO], "note"),
    )
    said = Listed(words for words, count in zip(counted, counts.values(), strict=True) if count)
    records = {(finding.table, finding.record) for finding in findings if finding.record is not None}
    if not records:
        return said
    return Sentence("{findings} in {records}", findings=said, records=Counted(len(records), "record"))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings by their place: by file and sheet as they come, then by row and column."""
    numbers: dict[tuple[str, str], int] = {}

    def order(finding: Finding) -> tuple[int, int, int, str]:
        place = finding.place
        file = numbers.setdefault((place.file, place.sheet), len(numbers))
        return file, place.row or 0, len(place.cell), place.cell

    return sorted(findings, key=order)


class _Page:
    """How findings are set: in which language, how wide."""

    def __init__(self, language: Language, width: int) -> None:
        self._say = language.said
        self._language = language
        self._width = width
        self._titles = {code: language.text(entry.title) for code, entry in CODES.items()}

    def groups(self, findings: Findings) -> Iterator[Text]:
        """Yield the mistakes that were made more than once, the most frequent first, and count the others."""
        groups = findings.groups()
        repeated = [(first, count) for first, count in groups if count > 1]
        if not repeated:
            return
        yield Text("\n" + self._directed(self._say(Sentence("Made more than once"))), "bold")
        counts = [self._say(Numeral(count)) for _, count in repeated]
        width = max(map(text_width, counts))
        for number, (first, _) in zip(counts, repeated, strict=True):
            yield self._group(f"{number:>{width}} x ", first)
        if once := len(groups) - len(repeated):
            yield Text(
                self._directed(
                    self._say(Sentence("{mistakes} made once.", mistakes=Counted(once, "other mistake")))
                ),
                "dim",
            )

    def _group(self, number: str, first: Finding) -> Text:
        """Return how often, which kind of mistake, the sentence and the place of the first."""
        indent = " " * (text_width(number) + len(_INDENT))
        lines = self._lines(self._say(first.message), indent)
        if place := self._where(first.place):
            at = self._say(Sentence("First: {place}", place=Name(place)))
            lines += [self._directed(indent + safe(at))]
        title = self._titles.get(first.code, first.code)
        where = safe(first.place.column or (first.group if first.place.path not in ("", "$") else ""))
        used = text_width(indent + title + where + first.code) + len("  []") + (len("  ") if where else 0)
        return Text.assemble(
            (f"{_LEFT_TO_RIGHT if self._language.right_to_left else ''}{_INDENT}{number}", "bold"),
            (self._directed(title), _STYLES[first.severity]),
            "  " if used <= self._width else f"\n{indent}",
            f"{where}  " if where else "",
            (f"[{first.code}]\n", "dim"),
            "\n".join(lines),
        )

    def entry(self, finding: Finding) -> Text:
        """Return the place with the kind of finding, and under it what is wrong and what to do."""
        say, place = self._say, self._where(finding.place)
        key_said = safe(say(finding.key))
        said = say(one_after_the_other(finding.message, finding.hint))
        return Text.assemble(
            _LEFT_TO_RIGHT if self._language.right_to_left else "",
            (self._language.text(_WORDS[finding.severity]), _STYLES[finding.severity]),
            f"  {safe(place)}" if place else "",
            (f"  {finding.table} {key_said}" if finding.key else "", "dim"),
            (f"  [{finding.code}]\n", "dim"),
            "\n".join(self._lines(said, _INDENT)),
        )

    def _lines(self, said: str, indent: str) -> list[str]:
        return [self._directed(line) for line in wrapped(safe(said), self._width, indent)]

    def _directed(self, line: str) -> str:
        return _directed(line, self._language)

    def _where(self, place: Place) -> str:
        """Return the place, with the path of a value that has no cell of its own."""
        said = self._say(place.in_words())
        return f"{said} {place.path}" if place.sheet and not place.cell and place.path != "$" else said


def _directed(line: str, language: Language) -> str:
    if not language.right_to_left:
        return line
    text, (opening, closing) = line.lstrip(), _RIGHT_TO_LEFT
    return f"{line[: len(line) - len(text)]}{opening}{text}{closing}"
