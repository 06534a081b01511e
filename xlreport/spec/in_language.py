"""Turn a report definition into the same one in another language: its titles, sentences and sheet names.

The values of its columns are left alone, since conditions speak of them; the analysis says them in the
report's language when it makes the columns.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from xlreport.cells import unique_sheet_name
from xlreport.language import Language
from xlreport.spec.report import ReportSpec, SheetSpec

__all__ = ["in_language", "texts_of"]

_TEXTS: Final = ("title", "note", "definition", "description", "text", "other")
"""What a text that people read is called in the records of a definition."""


def in_language(spec: ReportSpec, language: Language) -> ReportSpec:
    """Return the definition with every text that people read in ``language``, where its catalogue has it.

    Sheets get names that Excel takes and no other sheet has; what they are called in the definition stays
    their key.
    """
    translated: ReportSpec = _translated(spec, language)
    taken: list[str] = []
    sheets = []
    for sheet in translated.sheets:
        name = unique_sheet_name(language.text(sheet.name), taken) if language.code != "en" else sheet.name
        taken.append(name)
        sheets.append(replace(sheet, name=name, key=sheet.key or sheet.name))
    return replace(translated, sheets=tuple(sheets))


def texts_of(spec: ReportSpec) -> Iterator[str]:
    """Yield every text of a definition that `in_language` looks up, names of sheets included."""
    yield from (text for text in _texts(spec) if text)
    yield from (sheet.name for sheet in spec.sheets)


def _translated(node: Any, language: Language) -> Any:
    if isinstance(node, tuple):
        return tuple(_translated(item, language) for item in node)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    changes = {
        name: language.text(value) if _is_text(node, name, value) else _translated(value, language)
        for name, value in _members(node).items()
    }
    return replace(node, **changes)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, tuple):
        for item in node:
            yield from _texts(item)
    elif is_dataclass(node):
        for name, value in _members(node).items():
            if _is_text(node, name, value):
                yield value
            else:
                yield from _texts(value)


def _members(node: Any) -> Mapping[str, Any]:
    return {member.name: getattr(node, member.name) for member in fields(node)}


def _is_text(node: Any, name: str, value: Any) -> bool:
    """Tell whether a member is a text for people: not a title that is only the record's own name."""
    if name not in _TEXTS or not isinstance(value, str):
        return False
    return value != getattr(node, "name", None) or isinstance(node, SheetSpec)
