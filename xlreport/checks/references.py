"""Turn the keys and references of all resources into findings, when every record is read."""

from collections.abc import Iterator, Mapping

from xlreport.checks.columns import as_text
from xlreport.checks.keys import Fields, Index, Reference, ReferenceLog
from xlreport.checks.naming import Problem
from xlreport.checks.paths import steps
from xlreport.checks.records import ResourcePass, finding_of
from xlreport.findings import Finding, Findings, Severity
from xlreport.registry import ResourceSchema
from xlreport.sentences import Listed, Name, Numeral, Sentence
from xlreport.text import shown

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
    return Finding(
        code="missing-resource",
        severity=Severity.WARNING,
        message=Sentence(
            "{fields} of {table} cannot be checked: it refers to {other}, which the dataset does not have.",
            fields=Listed(passed.subject(steps(field)) for field in log.declared.fields),
            table=passed.title,
            other=Name(log.declared.resource),
        ),
        hint=Sentence("Add {table} to the dataset.", table=Name(log.declared.resource)),
        table=passed.name,
        expected=Name(log.declared.resource),
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
        message=Sentence(
            "{title} {value} is not among the {number} values of {known} ({places}).",
            title=passed.subject(reference.path),
            value=shown(value),
            number=Numeral(len(index)),
            known=known,
            places=target.places.in_words(),
        ),
        value=value,
        expected=Sentence("a value of {known}", known=known),
        hint=Sentence("Did you mean {guess}?", guess=shown(guess))
        if guess
        else Sentence("Add it to {table}, or correct it here.", table=target.title),
        severity=log.declared.severity,
    )


def _set_aside(reference: Reference, passed: ResourcePass, target: ResourcePass, index: Index) -> Problem:
    value, there = _shown(reference), target.places.at(index.records[reference.key])
    return Problem(
        code="reference-set-aside",
        path=reference.path,
        message=Sentence(
            "{title} {value} leads to a record of {table} that has errors and is set aside ({place}).",
            title=passed.subject(reference.path),
            value=shown(value),
            table=target.title,
            place=there.in_words(),
        ),
        value=value,
        expected=Sentence("a record of {table} without errors", table=target.title),
        hint=Sentence("Correct the errors there first."),
        severity=Severity.WARNING,
    )


def _target(log: ReferenceLog, target: ResourcePass) -> Sentence:
    names = Listed(target.subject(steps(field)) for field in log.declared.reference)
    return Sentence("{fields} in {table}", fields=names, table=target.title)


def _shown(reference: Reference) -> str:
    return " / ".join(as_text(part) for part in reference.key)
