"""Turn what a check found into SARIF 2.1.0, which code review, editors and dashboards show at its place.

A finding in a text file has the line; one in a sheet has its cell as a logical location
(``Contracts!F17``), since SARIF knows no cells. The fingerprint of a finding stays when rows are moved.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final, TextIO
from urllib.parse import quote

from xlreport.checks import Checked
from xlreport.checks.codes import CODES
from xlreport.findings import Finding, Place, Severity
from xlreport.language import ENGLISH, Language
from xlreport.sentences import one_after_the_other
from xlreport.version import __version__

__all__ = ["write"]

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_LINES: Final = (".csv", ".tsv", ".ndjson", ".jsonl")
"""Endings of the files whose rows are lines."""
_LINK: Final = re.compile(r"\[[^\]]*\]\(")
_FINGERPRINT: Final = "xlreport/v1"

Json = dict[str, Any]


def write(checked: Checked, stream: TextIO, language: Language = ENGLISH) -> None:
    """Write the findings to ``stream`` as one run of the tool xlreport."""
    findings = checked.findings
    codes = {finding.code: None for finding in findings}
    rules = {code: position for position, code in enumerate(codes)}
    run = {
        "tool": {
            "driver": {
                "name": "xlreport",
                "version": __version__,
                "rules": [_rule(code, findings, language) for code in rules],
            }
        },
        "language": language.code,
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not findings.fatal()}],
        "artifacts": list(_artifacts(checked)),
        "results": list(_results(findings, rules, language)),
    }
    json.dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, stream, ensure_ascii=False, indent=1)
    stream.write("\n")


def _rule(code: str, findings: Iterable[Finding], language: Language) -> Json:
    """Return a kind of finding, with what `xlreport explain` says about it."""
    entry = CODES[code]
    parts = {
        "What it means": entry.what,
        "Why it matters": entry.why,
        "Example": entry.example,
        "What to do": entry.fix,
    }
    severity = next(finding.severity for finding in findings if finding.code == code)
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in code.split("-")),
        "shortDescription": {"text": language.text(entry.title)},
        "fullDescription": {"text": entry.what},
        "help": {
            "text": "\n".join(f"{heading}: {text}" for heading, text in parts.items()),
            "markdown": "\n\n".join(f"**{heading}.** {_plain(text)}" for heading, text in parts.items()),
        },
        "defaultConfiguration": {"level": _LEVELS[severity]},
    }


def _plain(text: str) -> str:
    """Return a text in which nothing is a mark of Markdown."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]<>()#+-!|" else letter for letter in text)


def _artifacts(checked: Checked) -> Iterator[Json]:
    files = {file: sha256 for sources in checked.sources.values() for file, sha256 in sources}
    for file, sha256 in files.items():
        yield {"location": {"uri": _uri(file)}, "hashes": {"sha-256": sha256}}


def _results(findings: Iterable[Finding], rules: Mapping[str, int], language: Language) -> Iterator[Json]:
    seen: Counter[str] = Counter()
    for finding in findings:
        said = finding.said_in(language)
        fingerprint = _fingerprint(finding)
        seen[fingerprint] += 1
        yield {
            "ruleId": finding.code,
            "ruleIndex": rules[finding.code],
            "level": _LEVELS[finding.severity],
            "message": {"text": _LINK.sub(_no_link, one_after_the_other(said.message, said.hint))},
            "locations": _locations(finding.place),
            "partialFingerprints": {_FINGERPRINT: f"{fingerprint}:{seen[fingerprint]}"},
            "properties": _properties(said),
        }


def _no_link(found: re.Match[str]) -> str:
    """Return what would be a link in a message so that it stands there as it is."""
    return found[0].replace("[", "\\[").replace("]", "\\]")


def _locations(place: Place) -> Sequence[Json]:
    location: Json = {}
    if place.file:
        location["physicalLocation"] = {"artifactLocation": {"uri": _uri(place.file)}}
        if place.row and place.file.lower().endswith(_LINES):
            location["physicalLocation"]["region"] = {"startLine": place.row}
    if place.sheet:
        name = place.cell or (f"row {place.row}" if place.row else "")
        full = f"{place.sheet}!{name}" if name else place.sheet
        location["logicalLocations"] = [{"name": name or place.sheet, "fullyQualifiedName": full}]
    elif place.path:
        record = "" if place.row is None else f"[{place.row}]"
        location["logicalLocations"] = [{"name": place.path, "fullyQualifiedName": f"{record}{place.path}"}]
    return [location] if location else []


def _uri(file: str) -> str:
    """Return the reference to a file: relative as it was given, with ``/`` between the steps."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _fingerprint(finding: Finding) -> str:
    """Return what stays the same while the mistake does, even where the rows around it change."""
    place = finding.place
    what = (finding.code, finding.table, finding.key, place.path or place.column, str(finding.value))
    return hashlib.sha256("\0".join(what).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _properties(finding: Finding) -> Json:
    """Return what SARIF has no member for."""
    place = finding.place
    members = {"table": finding.table, "key": finding.key, "column": place.column, "path": place.path}
    return {name: value for name, value in members.items() if value}
