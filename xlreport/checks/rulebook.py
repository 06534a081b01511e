"""Judge the records of one resource by its rules, and count what came of each rule."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from xlreport.checks import rule_words
from xlreport.checks.comparing import NotComparableError
from xlreport.checks.conditions import condition_of
from xlreport.checks.engines import Path, condition
from xlreport.checks.naming import Problem
from xlreport.checks.operators import HELD, JUDGES, Case, Prepared
from xlreport.checks.reach import NOTHING_WRONG, Reach, Wrong
from xlreport.checks.screen import Screen
from xlreport.checks.screen_columns import Columns, RecordColumns
from xlreport.checks.seeing import Lens
from xlreport.findings import Place
from xlreport.registry import ResourceSchema
from xlreport.rules import Rule, RuleOutcome
from xlreport.sorts import Sort, sort_at
from xlreport.tables import Record

__all__ = ["RuleBook"]

FAILED: Final = "failed"
_WEIGHTS: Final = ("errors", HELD, "empty", "no-items")
"""Of several answers to a record, none of them a problem, the first of these counts."""

Placer = Callable[[Path], Place]


class _Judge:
    """One rule at work."""

    def __init__(self, rule: Rule, resource: ResourceSchema, engine: str) -> None:
        """Prepare the paths of ``rule``; ``engine`` judges its conditions."""
        self.rule = rule
        self._resource = resource
        self._applies = condition(rule.when, engine) if rule.when else None
        self._prepared = _prepared(rule, resource, engine)
        self._judge = JUDGES[rule.operator]
        self.screen = _screen(rule, resource, engine, self._prepared.sorts)
        self.counts: Counter[str] = Counter()

    def problems(self, record: Record, place: Placer, wrong: Wrong) -> list[Problem]:
        """Return what is wrong with a record, and count what came of the rule."""
        if self._applies and not self._applies(record):
            self.counts["condition"] += 1
            return []
        found: dict[Path, Problem] = {}
        answers: set[str] = set()
        for answer in self._answers(Case(record, wrong, place)):
            if isinstance(answer, str):
                answers.add(answer)
            else:  # a value is said to be wrong once, however many others show it
                found.setdefault(answer.path, rule_words.by_rule(answer, self.rule, self._resource))
        self.counts[FAILED if found else self._outcome(answers, wrong)] += 1
        return list(found.values())

    def _answers(self, case: Case) -> Iterator[str | Problem]:
        try:
            yield from self._judge(self._prepared, case)
        except NotComparableError as error:
            if error.args:
                yield rule_words.not_comparable(self._resource, error.args[0], self.rule)
            else:
                yield "errors"

    def _outcome(self, answers: set[str], wrong: Wrong) -> str:
        outcome = next((each for each in _WEIGHTS if each in answers), "no-items")
        if wrong and outcome in ("empty", "no-items") and any(map(wrong.concerns, self.rule.every_path())):
            return "errors"
        return outcome

    @property
    def sorts(self) -> dict[str, Sort]:
        """What kind of value stands at each path of the rule, -1 being an item like any other."""
        return {path.replace("/-1", "/*"): sort for path, sort in self._prepared.sorts.items()}

    def outcome(self) -> RuleOutcome:
        """Return what came of the rule so far."""
        reasons = {name: count for name, count in self.counts.items() if count and name not in (HELD, FAILED)}
        return RuleOutcome(
            self._resource.name,
            self.rule.id,
            self.counts[HELD],
            self.counts[FAILED],
            dict(sorted(reasons.items())),
            self.rule.severity,
            self.rule.description,
        )


class RuleBook:
    """All rules of a resource at work."""

    def __init__(self, resource: ResourceSchema, engine: str) -> None:
        """Prepare the rules; ``engine`` judges their conditions."""
        self._judges = tuple(_Judge(rule, resource, engine) for rule in resource.rules)
        self._sorts = {path: sort for judge in self._judges for path, sort in judge.sorts.items()}

    def __len__(self) -> int:
        """Count the rules."""
        return len(self._judges)

    def problems(
        self,
        record: Record,
        place: Placer,
        wrong: Wrong = NOTHING_WRONG,
        only: Iterable[int] | None = None,
    ) -> list[Problem]:
        """Return what is wrong with a record by all rules, or by ``only`` those with these numbers."""
        judges = self._judges if only is None else [self._judges[number] for number in only]
        return [problem for judge in judges for problem in judge.problems(record, place, wrong)]

    def screen(self, columns: Columns) -> dict[int, list[int]]:
        """Count what came of each rule for a batch of records that obey the schema, but for some.

        Those need a closer look: returned are their offsets, with the numbers of the rules that they need
        it for.
        """
        suspects: dict[int, list[int]] = {}
        for number, judge in enumerate(self._judges):
            screened = judge.screen.screened(columns)
            judge.counts.update(screened.counts)
            for offset in screened.suspects:
                suspects.setdefault(offset, []).append(number)
        return suspects

    def columns(self, records: Sequence[Record]) -> Columns:
        """Return the values of records for `screened`."""
        return RecordColumns(records, self._sorts)

    def outcomes(self) -> tuple[RuleOutcome, ...]:
        """Return what came of each rule so far."""
        return tuple(judge.outcome() for judge in self._judges)


def _screen(rule: Rule, resource: ResourceSchema, engine: str, sorts: Mapping[str, Sort]) -> Screen:
    """Return the rule ready for whole batches."""
    prefix = f"{rule.array}/*/"
    inside = [path.removeprefix(prefix) for path in resource.fields if path.startswith(prefix)]
    where = condition_of(rule.where, engine, inside) if rule.where else None
    lens = Lens(rule, where, is_time=sorts[rule.paths[0]] is Sort.TIME)
    return Screen(lens, condition_of(rule.when, engine, resource.fields) if rule.when else None)


def _prepared(rule: Rule, resource: ResourceSchema, engine: str) -> Prepared:
    where: tuple[str, Callable[[Any], bool]] | None = None
    if rule.where:
        where = (rule.array, condition(rule.where, engine))
    operands = {"limit": rule.limit, "low": rule.low, "high": rule.high}
    limits = {name: each.path for name, each in operands.items() if each and each.path}
    if isinstance(rule.values, str):
        limits["values"] = rule.values
    record = resource.schema.at(resource.location)
    counts = rule.operator == "count"
    return Prepared(
        rule,
        resource,
        tuple(Reach(path, where, objects=counts) for path in rule.paths),
        {name: Reach(path) for name, path in limits.items()},
        Reach(f"{rule.scope[-1]}/*", where, objects=True) if rule.scope else None,
        {path: sort_at(record, path) for path in rule.every_path()},
    )
