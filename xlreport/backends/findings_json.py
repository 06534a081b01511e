"""Turn what a check found into JSON: how many there are, the mistakes in groups, and each finding on a line.

``schemas/findings.schema.json`` describes the document. Its members are always the same.
"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final, TextIO

import msgspec

from xlreport.checks import Checked
from xlreport.findings import Finding, Severity
from xlreport.language import ENGLISH, Language
from xlreport.rules import RuleOutcome

__all__ = ["write"]

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number", enc_hook=str)


def write(checked: Checked, stream: TextIO, language: Language = ENGLISH) -> None:
    """Write the findings to ``stream``; numbers keep all their digits, ``record`` counts from 0."""
    head: dict[str, Any] = {
        "counts": {severity.value: checked.findings.count(severity) for severity in Severity},
        "records": _records(checked),
        "sources": [
            {"table": table, "file": file, "sha256": sha256}
            for table, sources in checked.sources.items()
            for file, sha256 in sources
        ],
        "rules": list(map(_rule, checked.outcomes)),
    }
    stream.write("{\n")
    stream.writelines(f'"{name}": {_text(value)},\n' for name, value in head.items())
    _write_lines(stream, "groups", _groups(checked, language), ",\n")
    _write_lines(stream, "findings", (_flat(each.said_in(language)) for each in checked.findings), "\n}\n")


def _text(value: object) -> str:
    return _ENCODER.encode(value).decode()


def _write_lines(stream: TextIO, name: str, items: Iterator[dict[str, Any]], end: str) -> None:
    separator = "\n"
    stream.write(f'"{name}": [')
    for item in items:
        stream.write(separator + _text(item))
        separator = ",\n"
    stream.write(f"{'' if separator == chr(10) else chr(10)}]{end}")


def _records(checked: Checked) -> dict[str, dict[str, int]]:
    return {
        table: {"read": count, "withErrors": len(checked.rejected.get(table, ()))}
        for table, count in checked.counts.items()
    }


def _rule(outcome: RuleOutcome) -> dict[str, Any]:
    return {
        "table": outcome.resource,
        "rule": outcome.rule,
        "severity": outcome.severity,
        "held": outcome.held,
        "failed": outcome.failed,
        "notApplicable": dict(outcome.not_applicable),
    }


def _groups(checked: Checked, language: Language) -> Iterator[dict[str, Any]]:
    """Iterate over the mistakes, the most frequent first, each with the position of its first finding."""
    positions: dict[int, int] = {}
    for position, finding in enumerate(checked.findings):
        positions.setdefault(id(finding), position)
    for first, count in checked.findings.groups():
        yield {
            "code": first.code,
            "severity": first.severity,
            "table": first.table,
            "group": first.group,
            "count": count,
            "message": language.said(first.message),
            "first": positions[id(first)],
        }


def _flat(finding: Finding) -> dict[str, Any]:
    """Return the members in their order: those of the place stand beside the others."""
    members = {name: getattr(finding, name) for name in Finding.__dataclass_fields__ if name != "place"}
    return {**members, **asdict(finding.place)}
