"""Turn records of a JSON source into records of the target, by the mapping of the dataset file."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from xlreport.findings import Finding, Place, Severity
from xlreport.sentences import Counted, Listed, Name, Sentence, guess, one_after_the_other
from xlreport.sources.description import Part
from xlreport.sources.items import Item, Json
from xlreport.sources.mapping import Scope, member, sources_of, targets_of
from xlreport.sources.nesting import record_builder
from xlreport.tables import Field
from xlreport.text import shown

__all__ = ["mapped_items", "present"]


_FIRST_STEP: Final = re.compile(r"\$\.([^.\[]+)")


def mapped_items(items: Iterator[Item], part: Part, fields: Mapping[str, Field]) -> Iterator[Item]:
    """Map the record of each item; without a mapping only take out the values that stand for missing ones.

    At the end a finding counts the members that the mapping does not use, and others name the paths of
    the mapping that no record has.
    """
    if part.mapping is not None:
        return _mapped(items, part, part.mapping, fields)
    if part.notation.missing:
        return _without_missing(items, frozenset(part.notation.missing))
    return items


def _mapped(
    items: Iterable[Item], part: Part, mapping: Mapping[str, Any], fields: Mapping[str, Field]
) -> Iterator[Item]:
    targets, _ = targets_of(mapping, Scope(member, fields, part.notation))
    build = record_builder(targets)
    drawn = {path: tuple(sources_of(spec)) for path, spec in mapping.items()}
    used = {name for sources in drawn.values() for source in sources for name in _member_names(source)}
    gone = used | {target.path[0] for target in targets}
    concerns = (lambda _: True) if part.keep_unmapped else _about(used)
    seen: dict[str, None] = {}
    for item in items:
        if item.record is None:
            yield item
            continue
        seen.update(dict.fromkeys(item.record))
        kept = (
            {name: value for name, value in item.record.items() if name not in gone}
            if part.keep_unmapped
            else {}
        )
        record, _ = build(item.record, kept)
        yield item._replace(record=record, findings=tuple(filter(concerns, item.findings)))
    findings = [*_unmatched(part, drawn, seen), *_unused(part, [name for name in seen if name not in used])]
    if findings:
        yield Item(0, None, tuple(findings))


def _about(names: set[str]) -> Callable[[Finding], bool]:
    """Return the function that tells whether a finding is about one of the record's own members ``names``."""

    def concerns(finding: Finding) -> bool:
        member_name = _FIRST_STEP.match(finding.place.path)
        return member_name is None or member_name[1] in names

    return concerns


def _member_names(source: str) -> tuple[str, ...]:
    """Return the names of the record's own members that a source may be drawn from."""
    return source, re.split(r"[./]", source.removeprefix("$."))[0]


def _unused(part: Part, names: Sequence[str]) -> Iterator[Finding]:
    if names and not part.keep_unmapped:
        yield Finding(
            code="unmapped-columns",
            severity=Severity.INFO,
            message=Sentence(
                "The mapping does not use {members}: {names}.",
                members=Counted(len(names), "member"),
                names=Listed(Name(shown(name)) for name in names),
            ),
            hint=Sentence('To keep such members under their own names, state "keepUnmapped": true.'),
            place=Place(file=part.file),
            value=len(names),
        )


def _unmatched(part: Part, drawn: Mapping[str, Sequence[str]], seen: Mapping[str, None]) -> Iterator[Finding]:
    """Iterate over a finding for each target none of whose sources any record has."""
    for path, sources in drawn.items():
        if (
            not seen
            or not sources
            or any(name in seen for source in sources for name in _member_names(source))
        ):
            continue
        meant = guess(sources[0], seen)
        yield Finding(
            code="missing-member",
            severity=Severity.WARNING if meant else Severity.INFO,
            message=Sentence(
                "No record of {file} has {members} to fill {field}.",
                file=Name(part.file),
                members=Listed((Name(shown(source)) for source in sources), "or"),
                field=Name(path),
            ),
            hint=one_after_the_other(
                meant, Sentence("Correct the mapping in the dataset file, if the records should have it.")
            ),
            place=Place(file=part.file),
            value=sources[0],
            expected=Listed(map(Name, seen), "or"),
            group=path,
        )


def _without_missing(items: Iterable[Item], missing: frozenset[str]) -> Iterator[Item]:
    for item in items:
        yield item if item.record is None else item._replace(record=present(item.record, missing))


def present(value: Json, missing: frozenset[str]) -> Json:
    """Return a value without the texts inside it that stand for missing ones."""
    if isinstance(value, dict):
        return {
            name: present(item, missing) for name, item in value.items() if not _is_missing(item, missing)
        }
    if isinstance(value, list):
        return [present(item, missing) for item in value if not _is_missing(item, missing)]
    return value


def _is_missing(value: Json, missing: frozenset[str]) -> bool:
    return isinstance(value, str) and value.strip() in missing
