"""Turn a dataset into checked tables: one pass over the records, then keys and references over all of them.

Per record: make it plain JSON, ask the engine for a verdict, and for the detail only of what it rejects; say
what is wrong; put the record into flat tables. Records with errors stay in the tables, marked as rejected, so
that a person can see them; `Checked.used` leaves them out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from xlreport.arrays import is_empty, rows_kept
from xlreport.checks.engines import DEFAULT_ENGINE
from xlreport.checks.records import ResourcePass
from xlreport.checks.references import missing_references, references_set_aside, referred_to
from xlreport.findings import Finding, Findings, Severity
from xlreport.registry import ResourceSchema
from xlreport.rules import RuleOutcome
from xlreport.sentences import Listed, Name, Sentence, guess
from xlreport.tables import Dataset, Resource, Table, Wanted
from xlreport.text import shown

__all__ = ["Checked", "run"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking leaves for the analysis."""

    findings: Findings
    tables: Mapping[str, Table]
    """All records, those with errors too: ``contracts``, ``contracts/milestones``, ``partners``, ..."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Records read, by resource."""
    rejected: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """0-based positions of the records with errors, by resource."""
    sources: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """(file name, SHA-256) of the files read, by resource."""
    undeclared: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Names of the columns that the schema does not describe, by table."""
    outcomes: tuple[RuleOutcome, ...] = ()
    """What came of each rule of the schema over all records, in the order of the schema."""

    def used(self) -> dict[str, Table]:
        """Return the tables without the rows of records that have errors.

        A column that no schema describes, and that only such records had a value for, goes with them.
        """
        return {name: self._used(name, table) for name, table in self.tables.items()}

    def _used(self, name: str, table: Table) -> Table:
        rejected = self.rejected.get(name.partition("/")[0], frozenset())
        if not rejected:
            return table
        mask = rows_kept(table.positions, rejected)
        data = {name: cells.filter(mask) for name, cells in table.data.items()}
        empty = {name for name in self.undeclared.get(name, ()) if name in data and is_empty(data[name])}
        return replace(
            table,
            columns=tuple(column for column in table.columns if column.name not in empty),
            data={name: cells for name, cells in data.items() if name not in empty},
            positions=table.positions.filter(mask),
        )


def run(
    dataset: Dataset,
    schemas: Mapping[str, ResourceSchema],
    *,
    engine: str = DEFAULT_ENGINE,
    wanted: Wanted | None = None,
    progress: Callable[[str, int], None] | None = None,
) -> Checked:
    """Check ``dataset`` against ``schemas`` (by resource) and flatten it.

    ``wanted`` are the columns to keep, beside the primary keys; None keeps all. What is found
    does not depend on it. ``progress`` is called after each batch with the resource's name and the number of
    its records read so far. What is wrong with the data is in the findings; UsageError is raised for an
    unknown ``engine``.
    """
    findings = Findings(dataset.findings)
    findings.extend(_unchecked(dataset, schemas))
    leading = referred_to(schemas)
    passes = {
        resource.name: ResourcePass(
            resource, schemas.get(resource.name), leading.get(resource.name, ()), engine, wanted
        )
        for resource in dataset.resources
    }
    for resource in dataset.resources:
        findings.extend(_read(resource, passes[resource.name], progress))
    findings.extend(missing_references(passes))
    findings.extend(list(references_set_aside(passes, findings)))
    return Checked(
        findings=findings,
        tables={name: table for passed in passes.values() for name, table in passed.tables.items()},
        counts={name: passed.count for name, passed in passes.items()},
        rejected={name: findings.rejected(name) for name in passes},
        sources={resource.name: resource.sources for resource in dataset.resources},
        undeclared={name: names for passed in passes.values() for name, names in passed.undeclared.items()},
        outcomes=tuple(
            outcome for passed in passes.values() if passed.rules for outcome in passed.rules.outcomes()
        ),
    )


def _read(
    resource: Resource, passed: ResourcePass, progress: Callable[[str, int], None] | None
) -> Iterator[Finding]:
    for batch in (resource.texts or resource.batches)():
        yield from passed.take(batch)
        if progress:
            progress(passed.name, passed.count)
    passed.finish()


def _unchecked(dataset: Dataset, schemas: Mapping[str, ResourceSchema]) -> Iterator[Finding]:
    """Yield a warning for each resource that the schema says nothing about, if there is a schema at all."""
    if not schemas:
        return
    for name in dataset.names:
        if name not in schemas:
            yield Finding(
                code="unchecked-resource",
                severity=Severity.WARNING,
                message=Sentence(
                    "No rules are known for {table}; its records are not checked.", table=Name(shown(name))
                ),
                hint=guess(name, schemas)
                or Sentence("There are rules for {tables}.", tables=Listed(map(Name, schemas))),
                table=name,
                expected=Listed(map(Name, schemas), "or"),
            )
