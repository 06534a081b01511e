"""Hide values in findings: those of fields that a schema marks ``x-confidential``, or all of them.

Whatever shows findings (the terminal, files for programs, the sheet of a workbook) is given the masked ones,
so that nothing of a value is left to be shown: neither in the sentences nor in the key of the record, and no
guess at what was meant, which would tell what is there.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from xlreport.checks.paths import steps
from xlreport.findings import Finding, Findings, Mask, Place
from xlreport.registry import ResourceSchema
from xlreport.sentences import Name, Sentence, one_after_the_other
from xlreport.tables import json_path

__all__ = ["MASK", "masked"]

MASK: Final = "•••"

_POSITION: Final = re.compile(r"\[[0-9]+\]")
_AFTER: Final = ("", ".", "[")
_GUESS: Final = Sentence("Did you mean {guess}?").template


@dataclass(frozen=True, slots=True)
class _Hidden:
    """What is confidential in one table; paths are those of JSON, with a star for each position."""

    paths: frozenset[str]
    references: frozenset[str]
    """Paths of references to confidential keys: a guess, or the value itself, would tell one."""
    rules: frozenset[str]
    """Ids of the rules that speak of confidential values."""
    known: frozenset[str]
    """Paths that the schema describes."""
    key: bool


def masked(findings: Findings, schemas: Mapping[str, ResourceSchema], mask: Mask) -> Findings:
    """Return the findings with the values hidden that ``mask`` asks for."""
    if not mask:
        return findings
    if mask == "all":
        return Findings(_hidden(finding, key=True) for finding in findings)
    hidden = {name: _hidden_in(schema, schemas) for name, schema in schemas.items()}
    return Findings(_masked(finding, hidden.get(finding.table)) for finding in findings)


def _hidden_in(schema: ResourceSchema, schemas: Mapping[str, ResourceSchema]) -> _Hidden:
    references = (
        path
        for declared in schema.foreign_keys
        if (target := schemas.get(declared.resource))
        and any(_below(path, target.confidential) for path in declared.reference)
        for path in declared.fields
    )
    rules = (
        rule.id
        for rule in schema.rules
        if any(_touches(path.replace("/-1", "/*"), schema.confidential) for path in rule.every_path())
    )
    return _Hidden(
        frozenset(map(_json, schema.confidential)),
        frozenset(map(_json, references)),
        frozenset(rules),
        frozenset(map(_json, schema.titles)),
        any(_below(path, schema.confidential) for path in schema.primary_key),
    )


def _json(path: str) -> str:
    """Return ``$.milestones[*].value`` for ``milestones/*/value``."""
    return json_path(steps(path)).replace(".*", "[*]") if path else "$"


def _below(path: str, confidential: Iterable[str]) -> bool:
    return any(not each or f"{path}/".startswith(f"{each}/") for each in confidential)


def _touches(path: str, confidential: frozenset[str]) -> bool:
    return _below(path, confidential) or any(each.startswith(f"{path}/") for each in confidential)


def _masked(finding: Finding, hidden: _Hidden | None) -> Finding:
    if hidden is None or not (hidden.paths or hidden.references):
        return finding
    path = _POSITION.sub("[*]", finding.place.path)
    above = next((each for each in hidden.paths if _is_within(path, each)), "")
    holds = any(_is_within(each, path or "$") for each in hidden.paths)
    shows = above or holds or not path or path in hidden.references or finding.group in hidden.rules
    if not shows:
        return replace(finding, key=_masked_key(finding)) if hidden.key else finding
    found = _hidden(finding, key=hidden.key)
    return _cut(found, above) if above and path not in hidden.known else found


def _is_within(path: str, above: str) -> bool:
    return path.startswith(above) and path[len(above) : len(above) + 1] in _AFTER


def _hidden(finding: Finding, *, key: bool) -> Finding:
    return replace(
        finding,
        message=_without_values(finding.message),
        hint=_without_guess(finding.hint),
        expected=_without_values(finding.expected),
        key=_masked_key(finding) if key else finding.key,
        value=None if finding.value is None else MASK,
    )


def _masked_key(finding: Finding) -> str:
    """Return what stands for the key; a number of the record in its file is no key."""
    return finding.key if isinstance(finding.key, Sentence) or not finding.key else MASK


def _without_values(text: str) -> str:
    if isinstance(text, Sentence):
        return text.changed(lambda value: value if isinstance(value, Name) else MASK)
    return text if isinstance(text, Name) or not text else MASK


def _without_guess(hint: str) -> str:
    """Return a hint without values; of several sentences those that guess at one are left out."""
    if not isinstance(hint, Sentence):
        return _without_values(hint)
    if hint.values.keys() == {"sentence", "next"}:
        return one_after_the_other(*map(_without_guess, hint.values.values()))
    return "" if _guesses(hint) else _without_values(hint)


def _guesses(sentence: Any) -> bool:
    if not isinstance(sentence, Sentence):
        return False
    if sentence.template == _GUESS:
        return not isinstance(sentence.values["guess"], Name)
    return any(map(_guesses, sentence.values.values()))


def _cut(finding: Finding, above: str) -> Finding:
    """Return the finding at the nearest place with a name of the schema's: names below it are values."""
    depth = above.count(".") + above.count("[")
    parts = re.findall(r"\.[^.\[]+|\[[0-9]+\]", finding.place.path)[:depth]
    place: Place = replace(finding.place, path="$" + "".join(parts), column="")
    return replace(finding, place=place, group=above)
