"""Turn a violation of a schema into problems said in plain sentences, with titles in place of paths.

There is one entry per keyword in `_SAID`. A sentence says what is wrong, shows the value and says what is
allowed; it never shows a regular expression. ``x-message`` beside the keyword replaces the sentence,
``x-severity`` the weight.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from xlreport.checks import groups, lists, scalars
from xlreport.checks.branches import no_branch
from xlreport.checks.naming import Problem, named, starred, subject
from xlreport.checks.reasons import because
from xlreport.checks.violations import Violation
from xlreport.checks.wording import own_sentence
from xlreport.findings import Severity
from xlreport.registry import ResourceSchema
from xlreport.sentences import Sentence, one_after_the_other

__all__ = ["Problem", "Sayings", "problems", "starred", "subject"]

_MOST_SAID: Final = 20_000
"""Sayings that are remembered at most."""
_SCALARS: Final = (str, int, Decimal, type(None))

_Say = Callable[[Violation, ResourceSchema], Iterator[Problem]]


def problems(violation: Violation, resource: ResourceSchema) -> Iterator[Problem]:
    """Yield what is wrong, one problem for each property that is missing or not allowed."""
    say = _SAID.get(violation.keyword, _rule)
    severity = _severity(violation)
    for problem in say(violation, resource):
        own = own_sentence(violation, problem, resource)
        why = because(violation.reason, violation.path, resource) if violation.reason and not own else ""
        if own or why or severity:
            yield replace(
                problem,
                message=own or problem.message,
                hint=one_after_the_other(_beside(problem.hint, own, violation), why),
                severity=severity or problem.severity,
            )
        else:
            yield problem


class Sayings:
    """What is said of the violations of one resource: the same mistake is mostly made many times."""

    def __init__(self, resource: ResourceSchema) -> None:
        """Begin with nothing said."""
        self._resource = resource
        self._said: dict[Hashable, tuple[Problem, ...]] = {}

    def problems(self, violation: Violation) -> tuple[Problem, ...]:
        """Return what is wrong, the very same records where the same was wrong before."""
        key = _same(violation)
        if key is None:
            return tuple(problems(violation, self._resource))
        said = self._said.get(key)
        if said is None:
            if len(self._said) >= _MOST_SAID:
                self._said.clear()
            said = self._said[key] = tuple(problems(violation, self._resource))
        return said


def _same(violation: Violation) -> Hashable | None:
    """Return what two violations agree in that are said with the same words; None where that is not told."""
    value = violation.value
    if violation.keyword == "required":
        value = None
    elif not isinstance(value, _SCALARS) or violation.branches:
        return None
    if not violation.location:
        return None
    shown = str(value) if isinstance(value, Decimal) else value  # 1.0 and 1.00 are not said alike
    return violation.location, violation.path, violation.names, type(value), shown


def _beside(hint: str, own: str, violation: Violation) -> str:
    """Return the hint, but for a description that the schema's own sentence stands in place of."""
    return "" if own and hint == violation.schema.get("description") else hint


def _severity(violation: Violation) -> Severity | None:
    declared = violation.schema.get("x-severity", {}).get(violation.keyword)
    return Severity(declared) if declared else None


def _branches(violation: Violation, resource: ResourceSchema) -> Iterator[Problem]:
    yield from no_branch(violation, resource, problems)


def _rule(violation: Violation, resource: ResourceSchema) -> Iterator[Problem]:
    message = Sentence(
        "{name} does not obey a rule that is set for it.",
        name=named(violation.path, violation.value, resource),
    )
    described: Any = violation.schema.get("description", "")
    hint = Sentence(described) if isinstance(described, str) and described else ""
    yield Problem("broken-rule", violation.path, message, violation.value, hint=hint)


_SAID: Final[Mapping[str, _Say]] = {
    "required": groups.missing,
    "dependentRequired": groups.missing,
    "dependencies": groups.missing,
    "type": scalars.wrong_type,
    "enum": scalars.unknown_value,
    "const": scalars.unknown_value,
    "format": scalars.wrong_format,
    "pattern": scalars.wrong_pattern,
    "contentEncoding": scalars.wrong_encoding,
    "contentMediaType": scalars.wrong_content,
    "contentSchema": scalars.wrong_content,
    "minimum": scalars.too_small,
    "exclusiveMinimum": scalars.too_small,
    "maximum": scalars.too_large,
    "exclusiveMaximum": scalars.too_large,
    "multipleOf": scalars.wrong_step,
    "minLength": scalars.too_short,
    "maxLength": scalars.too_long,
    "minItems": lists.too_few,
    "maxItems": lists.too_many,
    "uniqueItems": lists.repeated,
    "contains": lists.lacking,
    "minContains": lists.lacking,
    "maxContains": lists.too_many_alike,
    "additionalItems": lists.no_room,
    "unevaluatedItems": lists.no_room,
    "minProperties": groups.too_few,
    "maxProperties": groups.too_many,
    "additionalProperties": groups.unknown,
    "unevaluatedProperties": groups.unknown,
    "propertyNames": groups.unknown,
    "falseSchema": groups.no_place,
    "not": groups.forbidden,
    "anyOf": _branches,
    "oneOf": _branches,
}
