"""Turn what a check found into one page of HTML that needs nothing else: no script, no file, no network.

It reads on a phone and on paper, by day and by night. Text from the data is only ever text.
"""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from typing import Final, TextIO

from xlreport.backends.findings_text import in_order, summary
from xlreport.backends.wrapping import safe
from xlreport.checks import Checked
from xlreport.checks.codes import CODES
from xlreport.findings import Finding, Findings, Severity
from xlreport.language import ENGLISH, Language, key
from xlreport.rules import RuleOutcome
from xlreport.sentences import Counted, Listed, Name, Sentence

__all__ = ["MOST_OF_A_KIND", "write"]

MOST_OF_A_KIND: Final = 500
"""Findings of a kind that are listed where no number is asked for; all are counted."""
_ORDER: Final = {severity: position for position, severity in enumerate(Severity)}
_OPEN_AT_FIRST: Final = 1
_NOUNS: Final = {
    Severity.ERROR: key("error"),
    Severity.WARNING: key("warning"),
    Severity.INFO: key("note"),
}
_HEADINGS: Final = {
    Severity.ERROR: key("Errors"),
    Severity.WARNING: key("Warnings"),
    Severity.INFO: key("Notes"),
}
_ISOLATE: Final = "\u2068"
_END_OF_ISOLATE: Final = "\u2069"
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may load for the page: nothing."""


def write(checked: Checked, stream: TextIO, language: Language = ENGLISH, *, most: int | None = None) -> None:
    """Write the page to ``stream``; of each kind of mistake the first ``most`` findings are listed."""
    stream.writelines(piece + "\n" for piece in _page(checked, language, most or MOST_OF_A_KIND))


def _page(checked: Checked, language: Language, most: int) -> Iterator[str]:
    title = _safe(language.said(_title(checked)))
    direction = "rtl" if language.right_to_left else "ltr"
    style = files("xlreport.backends").joinpath("findings_page.css").read_text(encoding="utf-8")
    yield f'<!DOCTYPE html>\n<html lang="{language.code}" dir="{direction}">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="generator" content="xlreport">'
    yield f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>"
    yield from _header(checked, title, language)
    yield "<main>"
    if len(checked.findings):
        yield from _groups(checked.findings, language, most)
    else:
        yield f'<p class="clean">{_said(language, Sentence("No findings."))}</p>'
    yield from _rules(checked.outcomes, language)
    yield from _files(checked, language)
    yield "</main>\n</body>\n</html>"


def _title(checked: Checked) -> Sentence:
    tables = Listed(map(Name, checked.counts))
    return (
        Sentence("What was found in {tables}", tables=tables)
        if checked.counts
        else Sentence("What was found")
    )


def _header(checked: Checked, title: str, language: Language) -> Iterator[str]:
    """Yield the choices, which stand before all else so that the rest can depend on them, and the summary."""
    counts = {severity: checked.findings.count(severity) for severity in Severity}
    shown = [("all", "")] + [(severity.value, severity.value) for severity, count in counts.items() if count]
    for name, _ in shown:
        checked_at_first = " checked" if name == "all" else ""
        yield f'<input class="choice" type="radio" name="show" id="show-{name}"{checked_at_first}>'
    yield f"<header>\n<h1>{title}</h1>"
    read = Sentence("{records} read.", records=Counted(sum(checked.counts.values()), "record"))
    said = [language.said(read)]
    if len(checked.findings):
        said.insert(0, f"{language.said(summary(checked.findings))}.")
    yield f'<p class="lead">{_safe(" ".join(said))}</p>'
    if len(checked.findings):
        yield f'<div class="choices">{"".join(_choices(counts, language))}</div>'
    yield "</header>"


def _choices(counts: dict[Severity, int], language: Language) -> Iterator[str]:
    total = language.number(sum(counts.values()))
    yield f'<label for="show-all"><b>{total}</b>{_safe(language.text("All findings"))}</label>'
    for severity, count in counts.items():
        words = f"<b>{language.number(count)}</b>{_safe(language.text(_HEADINGS[severity]))}"
        if count:
            yield f'<label for="show-{severity}" class="{severity}">{words}</label>'
        else:
            yield f'<span class="none {severity}">{words}</span>'


def _groups(findings: Findings, language: Language, most: int) -> Iterator[str]:
    members: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in in_order(findings):
        members.setdefault((finding.table, finding.code, finding.group), []).append(finding)
    firsts = sorted((first for first, _ in findings.groups()), key=lambda first: _ORDER[first.severity])
    for position, first in enumerate(firsts):
        own = members[first.table, first.code, first.group]
        yield from _group(own, language, most, opened=position < _OPEN_AT_FIRST)


def _group(members: Sequence[Finding], language: Language, most: int, *, opened: bool) -> Iterator[str]:
    first = members[0]
    where = first.place.column or (first.group if first.place.path not in ("", "$") else "")
    words = " · ".join(f"<bdi>{_safe(word)}</bdi>" for word in (first.table, where) if word)
    yield f'<details class="group {first.severity}"{" open" if opened else ""}>\n<summary>'
    yield f'<span class="title">{_safe(language.text(CODES[first.code].title))} <small>{words}</small></span>'
    yield f'<span class="count">{_safe(language.count(len(members), _NOUNS[first.severity]))}</span>'
    yield f'<p class="first">{_said(language, first.message)}</p>\n</summary>'
    yield from _about(first.code, language)
    yield from _table(members[:most], language)
    if len(members) > most:
        more = Sentence(
            "{findings} not shown here; all are counted above.",
            findings=Counted(len(members) - most, "more finding"),
        )
        yield f'<p class="more">{_said(language, more)} <code>xlreport check --format csv</code></p>'
    yield "</details>"


def _about(code: str, language: Language) -> Iterator[str]:
    """Yield what the kind of mistake means; it is known in English only."""
    if language.code != ENGLISH.code:
        return
    entry = CODES[code]
    parts = (("What it means", entry.what), ("Why it matters", entry.why), ("What to do", entry.fix))
    lines = "".join(f"<p><b>{heading}.</b> {_safe(text)}</p>" for heading, text in parts)
    yield f'<div class="about">{lines}</div>'


def _table(members: Sequence[Finding], language: Language) -> Iterator[str]:
    keyed = any(finding.key for finding in members)
    columns = [
        ("place", key("Place")),
        *([("record", key("Record"))] if keyed else []),
        ("finding", key("Finding")),
    ]
    cells = "".join(
        f'<th scope="col" class="{name}">{_safe(language.text(heading))}</th>' for name, heading in columns
    )
    yield f"<table>\n<thead><tr>{cells}</tr></thead>\n<tbody>"
    for finding in members:
        place = _said(language, finding.place.in_words())
        record = f'<td class="record"><bdi>{_said(language, finding.key)}</bdi></td>' if keyed else ""
        hint = f' <span class="hint">{_said(language, finding.hint)}</span>' if finding.hint else ""
        message = _said(language, finding.message)
        yield f'<tr><td class="place"><bdi>{place}</bdi></td>{record}<td>{message}{hint}</td></tr>'
    yield "</tbody>\n</table>"


def _rules(outcomes: Sequence[RuleOutcome], language: Language) -> Iterator[str]:
    """Yield how each rule of the schema came out, those that were broken first."""
    if not outcomes:
        return
    headings = language.texts("Rule", "Held", "Failed", "Not applicable")
    cells = "".join(f'<th scope="col">{_safe(heading)}</th>' for heading in headings)
    yield f"<h2>{_safe(language.text('Rules'))}</h2>"
    yield f'<table class="rules">\n<thead><tr>{cells}</tr></thead>\n<tbody>'
    for outcome in sorted(outcomes, key=lambda outcome: -outcome.failed):
        numbers = (outcome.held, outcome.failed, sum(outcome.not_applicable.values()))
        counted = "".join(f"<td>{language.number(number)}</td>" for number in numbers)
        yield f"<tr><td><bdi>{_safe(f'{outcome.resource} · {outcome.rule}')}</bdi></td>{counted}</tr>"
    yield "</tbody>\n</table>"


def _files(checked: Checked, language: Language) -> Iterator[str]:
    sources = {file: sha256 for found in checked.sources.values() for file, sha256 in found}
    if not sources:
        return
    yield f"<h2>{_safe(language.text('Files'))}</h2>"
    for file, sha256 in sources.items():
        yield f'<p class="lead"><bdi>{_safe(file)}</bdi><br><code>SHA-256 {sha256}</code></p>'


def _said(language: Language, sentence: str) -> str:
    """Return a sentence as HTML; in writing from right to left, each value runs its own way."""
    if language.right_to_left and isinstance(sentence, Sentence):
        return "".join(map(_safe_but_isolates, language.said(sentence.changed(_isolated))))
    return _safe(language.said(sentence))


def _isolated(value: object) -> object:
    return f"{_ISOLATE}{safe(value)}{_END_OF_ISOLATE}" if isinstance(value, str) else value


def _safe_but_isolates(letter: str) -> str:
    return letter if letter in (_ISOLATE, _END_OF_ISOLATE) else _safe(letter)


def _safe(text: str) -> str:
    """Return a text as HTML has it; what cannot be seen, or turns the writing round, is shown as its code."""
    return escape(safe(text))
