"""Turn the records of one resource into findings, keys and flat tables, in one pass over its batches."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final

import msgspec

from xlreport.checks import remarks
from xlreport.checks.columns import as_text
from xlreport.checks.engines import DEFAULT_ENGINE, Compiled, Path, compiled
from xlreport.checks.flatten import Flattener
from xlreport.checks.growing import Flag
from xlreport.checks.keys import Duplicate, Fields, Keys, Places, key_of
from xlreport.checks.lane import Lane, lane_of
from xlreport.checks.messages import Sayings
from xlreport.checks.naming import Problem, starred, subject
from xlreport.checks.normalise import Flaw, normalised
from xlreport.checks.paths import select, steps
from xlreport.checks.reach import NOTHING_WRONG, Wrong
from xlreport.checks.rulebook import RuleBook
from xlreport.fields import in_words
from xlreport.findings import Finding, Severity
from xlreport.registry import ResourceSchema
from xlreport.sentences import Name, Sentence
from xlreport.tables import Batch, Kind, Lines, Record, Resource, Table, Wanted, json_path

__all__ = ["ResourcePass", "finding_of"]

_LOST: Final = frozenset({"too-deep", "number-out-of-range", "foreign-type"})
"""Codes of values that could not be checked at all."""
_UNUSABLE: Final = frozenset({"missing-value", "wrong-type"})
"""Codes beside which no other rule for the value means anything."""
_DECODER: Final[msgspec.json.Decoder[Record]] = msgspec.json.Decoder(Record, float_hook=Decimal)
_FEW: Final = 40
"""Records that are sooner looked at one by one than as a batch."""
_SHAPE: Final = frozenset({"wrong-pattern", "too-short", "too-long"})
"""Codes that say no more than wrong-format does."""


class ResourcePass:
    """What one pass over a resource gathers."""

    def __init__(
        self,
        resource: Resource,
        schema: ResourceSchema | None,
        referred_to: Iterable[Fields],
        engine: str,
        wanted: Wanted | None = None,
    ) -> None:
        """Compile ``schema``; a resource without one is flattened unchecked, and all its columns are kept."""
        self.name = resource.name
        self.title = Sentence(schema.title if schema else resource.title or resource.name)
        self.schema = schema
        self.count = 0
        self.places = Places()
        self.keys = Keys(schema, referred_to, engine) if schema else None
        self.rules = RuleBook(schema, engine) if schema and schema.rules else None
        self.tables: dict[str, Table] = {}
        self.undeclared: dict[str, frozenset[str]] = {}
        self._flattener = Flattener(resource.name, schema, resource.title, wanted if schema else None)
        self._compiled: Compiled | None = compiled(schema, engine) if schema else None
        self._sayings = Sayings(schema) if schema else None
        self._lane: Lane | None = None
        if schema and self.keys and engine == DEFAULT_ENGINE:
            self._lane = lane_of(schema, self.keys, self._flattener)

    def take(self, given: Batch | Lines) -> Iterator[Finding]:
        """Check the records of a batch and yield what is wrong with them; clean lines can but break rules."""
        if isinstance(given, Batch):
            yield from self.read(given)
            return
        start, taken = self.count, self._lane and self._lane.take(given.lines, self.count)
        if not taken:
            for batch in given.decoded():
                yield from self.read(batch)
            return
        self.places.add(start, given.origin)
        self.count += len(given.lines)
        if self.rules:
            suspects = self.rules.screen(taken)
            for offset, rules in sorted(suspects.items()):
                record = _DECODER.decode(given.lines[offset])
                yield from self._by_rules(record, start + offset, NOTHING_WRONG, rules)

    def read(self, batch: Batch) -> Iterator[Finding]:
        """Check the records of a batch and yield what is wrong with them."""
        start = self.count
        self.count += len(batch.records)
        self.places.add(start, batch.origin)
        read = self._as_read(batch, start)
        yield from (self._known(finding) for finding in batch.findings if finding.record is None)
        records, flaws = (batch.records, {}) if batch.plain else _all_plain(batch.records, start)
        broken = self._not_valid(records, start)
        twice = self.keys.add(records, start) if self.keys else {}
        rejected: set[int] = set()
        known = {*read, *flaws, *broken}
        suspects = self._suspects(records, start, known)
        for position in sorted({*known, *twice, *suspects}):
            record, found = records[position - start], read.get(position, [])
            said = [remarks.flaw(flaw, self.subject(flaw.path)) for flaw in flaws.get(position, ())]
            said += self._broken(record) if position in broken else ()
            by_rules = self._by_rules(record, position, _wrong(said, found), suspects.get(position, ()))
            said += map(self._twice, twice.get(position, ()))
            found = [*found, *self._findings(record, position, said, found), *by_rules]
            if any(finding.severity is Severity.ERROR for finding in found):
                rejected.add(position)
            yield from found
        for flag in dict.fromkeys(self._flattener.add(records, start, rejected, ordinary=batch.ordinary)):
            yield from self._flagged(flag, records[flag.record - start])

    def _suspects(
        self, records: Sequence[Record], start: int, known: Collection[int]
    ) -> Mapping[int, Iterable[int] | None]:
        """Return the records that rules have to look at one by one, and which rules; None for all of them.

        These are the records ``known`` to be wrong, and those that are not clearly right as a whole batch.
        """
        if self.rules is None:
            return {}
        others = [at for at in range(start, start + len(records)) if at not in known]
        if len(others) < _FEW:
            return dict.fromkeys(range(start, start + len(records)))
        columns = self.rules.columns([records[at - start] for at in others] if known else records)
        suspects = self.rules.screen(columns)
        return {**dict.fromkeys(known), **{others[at]: rules for at, rules in suspects.items()}}

    def _by_rules(
        self, record: Record, position: int, wrong: Wrong, only: Iterable[int] | None
    ) -> list[Finding]:
        """Return what is wrong with a record by the rules, given what is known to be wrong with it."""
        if self.rules is None:
            return []
        found = self.rules.problems(record, partial(self.places.at, position), wrong, only)
        return self._located(found, record, position)

    def _located(self, found: Sequence[Problem], record: Record, position: int) -> list[Finding]:
        key = self._key_of(record, position) if found else ""
        return [finding_of(problem, self, position, key) for problem in found]

    def _not_valid(self, records: Sequence[Record], start: int) -> set[int]:
        """Return the positions of the records that the schema does not let pass."""
        if not self._compiled:
            return set()
        verdicts = map(self._compiled.is_valid, records)
        return {position for position, valid in enumerate(verdicts, start) if not valid}

    def finish(self) -> None:
        """Close the tables: no batch follows."""
        self.tables = self._flattener.finished()
        self.undeclared = self._flattener.undeclared()

    def subject(self, path: Path) -> Sentence:
        """Return the name of a value in a sentence."""
        return subject(path, self.schema) if self.schema else Sentence(in_words(starred(path)))

    def key_at(self, position: int) -> str:
        """Return the key of a record of a finished pass as text, or its number where it has none."""
        root = self.tables[self.name]
        key = [root.data[path][position].as_py() for path in root.primary_key]
        return _key_text(key if None not in key else (), position)

    def _key_of(self, record: Record, position: int) -> str:
        key = key_of(record, self.schema.primary_key) if self.schema else None
        return _key_text(key or (), position)

    def _as_read(self, batch: Batch, start: int) -> dict[int, list[Finding]]:
        """Return what reading found about records, by the position of the record in the resource."""
        found: dict[int, list[Finding]] = {}
        for finding in batch.findings:
            if finding.record is not None:
                position = start + finding.record
                key = finding.key or self._key_of(batch.records[finding.record], position)
                found.setdefault(position, []).append(replace(self._known(finding), record=position, key=key))
        return found

    def _known(self, finding: Finding) -> Finding:
        return replace(finding, table=finding.table or self.name)

    def _findings(
        self, record: Record, position: int, said: list[Problem], read: list[Finding]
    ) -> Iterator[Finding]:
        """Yield the findings of the problems with one record, but for places that reading has spoken of."""
        spoken_of = {finding.place.path for finding in read}
        key = self._key_of(record, position)
        for problem in _settled(said):
            if json_path(problem.path) not in spoken_of:
                yield finding_of(problem, self, position, key)

    def _broken(self, record: Record) -> Iterator[Problem]:
        if self._sayings and self._compiled:
            for violation in self._compiled.violations(record):
                yield from self._sayings.problems(violation)

    def _twice(self, duplicate: Duplicate) -> Problem:
        path = steps(duplicate.fields[0])
        names = [self.subject(steps(each)) for each in duplicate.fields]
        primary = self.schema is not None and duplicate.fields == self.schema.primary_key
        first = self.places.at(duplicate.first, path)
        return remarks.standing_twice(path, names, duplicate.key, first, primary=primary)

    def _flagged(self, flag: Flag, record: Record) -> Iterator[Finding]:
        key = self._key_of(record, flag.record)
        for path, value in select(record, flag.path):
            if value == flag.value:
                yield finding_of(self._remark(flag, path), self, flag.record, key)

    def _remark(self, flag: Flag, path: Path) -> Problem:
        if flag.code == "number-out-of-range":
            return remarks.endless_number(path, flag.value, self.subject(path))
        if flag.code == "too-many-digits":
            return remarks.long_number(path, flag.value, self.subject(path))
        field = self.schema.fields.get(flag.path) if self.schema else None
        return remarks.kept_as_text(path, flag.value, self.subject(path), field.kind if field else Kind.TEXT)


def _wrong(said: Sequence[Problem], read: Sequence[Finding]) -> Wrong:
    """Return the values that are known to be wrong, and so are not judged by rules."""
    exactly = {json_path(problem.path) for problem in said if problem.severity is Severity.ERROR}
    exactly.update(finding.place.path for finding in read if finding.severity is Severity.ERROR)
    inside = {json_path(problem.path) for problem in said if problem.code in _UNUSABLE | _LOST}
    return Wrong(frozenset(exactly), frozenset(inside - {json_path(())}))


def _all_plain(records: Sequence[Record], start: int) -> tuple[list[Record], dict[int, tuple[Flaw, ...]]]:
    """Return the records as plain JSON, and by position what some of them had to leave out."""
    plain = list(map(normalised, records))
    return [record for record, _ in plain], {at: flaws for at, (_, flaws) in enumerate(plain, start) if flaws}


def _key_text(key: Iterable[object], position: int) -> str:
    return " / ".join(map(as_text, key)) or Sentence("record {number}", number=Name(position + 1))


def finding_of(problem: Problem, passed: ResourcePass, position: int, key: str) -> Finding:
    """Return the finding of a problem with the record at ``position``: its place, key and group added."""
    return Finding(
        code=problem.code,
        severity=problem.severity,
        message=problem.message,
        hint=problem.hint,
        table=passed.name,
        record=position,
        key=key,
        place=passed.places.at(position, problem.path),
        value=problem.value,
        expected=problem.expected,
        group=problem.group or starred(problem.path),
    )


def _settled(said: list[Problem]) -> Iterator[Problem]:
    """Yield each problem once, and of one value only what is not explained by something else about it."""
    codes: dict[Path, set[str]] = {}
    for problem in said:
        codes.setdefault(problem.path, set()).add(problem.code)
    done: set[tuple[Path, str]] = set()
    for problem in said:
        known = (problem.path, problem.code)
        if known not in done and not _is_explained(problem.code, codes[problem.path]):
            done.add(known)
            yield problem


def _is_explained(code: str, others: set[str]) -> bool:
    for stronger in (_LOST, _UNUSABLE):
        if code in stronger:
            return False
        if not others.isdisjoint(stronger):
            return True
    return code in _SHAPE and "wrong-format" in others
