"""Turn the keys and references of all resources into findings, when every record is read."""

from collections.abc import Iterator, Mapping

from xlreport.checks.columns import as_text
from xlreport.checks.keys import Fields, Index, Reference, ReferenceLog
from xlreport.checks.messages import Problem
from xlreport.checks.paths import steps
from xlreport.checks.records import ResourcePass, finding_of
from xlreport.findings import Finding, Findings, Severity
from xlreport.registry import ResourceSchema
from xlreport.text import listing, shown

__all__ = ["missing_references", "references_set_aside", "referred_to"]

Passes = Mapping[str, ResourcePass]


def referred_to(schemas: Mapping[str, ResourceSchema]) -> dict[str, set[Fields]]:
    """Return, by resource, the fields that references of any resource lead to."""
    found: dict[str, set[Fields]] = {name: set() for name in schemas}
    for schema in schemas.values():
        for declared in schema.foreign_keys:
            found.setdefault(declared.resource, set()).add(declared.reference)
    return found


def missing_references(passes: Passes) -> Iterator[Finding]:
    """Yield every reference that leads to no record, and every kind of reference that cannot be followed."""
    for passed, log in _logs(passes):
        target = passes.get(log.declared.resource)
        if target is None or target.keys is None:
            yield _no_resource(passed, log)
            continue
        index = target.keys.indexes[log.declared.reference]
        for reference in log.missing_from(index):
            problem = _missing(reference, log, passed, target, index)
            yield finding_of(problem, passed, reference.record, passed.key_at(reference.record))


def references_set_aside(passes: Passes, findings: Findings) -> Iterator[Finding]:
    """Yield the references from a record that is used to one that is set aside because of its errors."""
    rejected = {name: findings.rejected(name) for name in passes}
    for passed, log in _logs(passes):
        target = passes.get(log.declared.resource)
        if target is None or target.keys is None:
            continue
        index = target.keys.indexes[log.declared.reference]
        for reference in log.leading_to(index, rejected[target.name]):
            if reference.record not in rejected[passed.name]:
                problem = _set_aside(reference, passed, target, index)
                yield finding_of(problem, passed, reference.record, passed.key_at(reference.record))


def _logs(passes: Passes) -> Iterator[tuple[ResourcePass, ReferenceLog]]:
    for passed in passes.values():
        for log in passed.keys.references if passed.keys else ():
            yield passed, log


def _no_resource(passed: ResourcePass, log: ReferenceLog) -> Finding:
    names = listing(passed.subject(steps(field)) for field in log.declared.fields)
    return Finding(
        code="missing-resource",
        severity=Severity.WARNING,
        message=(
            f"{names} of {passed.title} cannot be checked: it refers to {log.declared.resource}, which "
            "the dataset does not have."
        ),
        hint=f"Add {log.declared.resource} to the dataset.",
        table=passed.name,
        expected=log.declared.resource,
        group="/".join(log.declared.fields),
    )


def _missing(
    reference: Reference, log: ReferenceLog, passed: ResourcePass, target: ResourcePass, index: Index
) -> Problem:
    value, known = _shown(reference), _target(log, target)
    guess = index.guess(reference.key)
    return Problem(
        code="missing-reference",
        path=reference.path,
        message=(
            f"{passed.subject(reference.path)} {shown(value)} is not among the {len(index):,} values of "
            f"{known} ({target.places})."
        ),
        value=value,
        expected=f"a value of {known}",
        hint=f"Did you mean '{guess}'?" if guess else f"Add it to {target.title}, or correct it here.",
        severity=log.declared.severity,
    )


def _set_aside(reference: Reference, passed: ResourcePass, target: ResourcePass, index: Index) -> Problem:
    value, there = _shown(reference), target.places.at(index.records[reference.key])
    return Problem(
        code="reference-set-aside",
        path=reference.path,
        message=(
            f"{passed.subject(reference.path)} {shown(value)} leads to a record of {target.title} that "
            f"has errors and is set aside ({there})."
        ),
        value=value,
        expected=f"a record of {target.title} without errors",
        hint="Correct the errors there first.",
        severity=Severity.WARNING,
    )


def _target(log: ReferenceLog, target: ResourcePass) -> str:
    names = listing(target.subject(steps(field)) for field in log.declared.reference)
    return f"{names} in {target.title}"


def _shown(reference: Reference) -> str:
    return " / ".join(as_text(part) for part in reference.key)
