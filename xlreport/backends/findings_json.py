"""Turn findings into JSON: an array of objects with always the same members, one to a line."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final, TextIO

import msgspec

from xlreport.findings import Finding

__all__ = ["write"]

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number", enc_hook=str)


def write(findings: Iterable[Finding], stream: TextIO) -> None:
    """Write ``findings`` to ``stream``; numbers keep all their digits, ``record`` counts from 0."""
    separator = "[\n"
    for finding in findings:
        stream.write(separator + _ENCODER.encode(_flat(finding)).decode())
        separator = ",\n"
    stream.write("[]\n" if separator == "[\n" else "\n]\n")


def _flat(finding: Finding) -> dict[str, Any]:
    """Return the members in their order: those of the place stand beside the others."""
    members = {name: value for name, value in _members(finding).items() if name != "place"}
    return {**members, **asdict(finding.place)}


def _members(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in Finding.__dataclass_fields__}
