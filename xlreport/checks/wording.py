"""The sentence that a schema brings itself: ``x-message``, for all keywords beside it or one by one.

It is a text, a text for each keyword, or either of them in several languages, by the codes of the languages.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from xlreport.checks.naming import Problem, subject
from xlreport.checks.violations import Violation
from xlreport.registry import ResourceSchema
from xlreport.sentences import Name, Sentence, Worded
from xlreport.text import shown

__all__ = ["own_sentence"]

_CODE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")


def own_sentence(violation: Violation, problem: Problem, resource: ResourceSchema) -> str:
    """Return what the schema says of a problem, with {title}, {value} and {limit} filled in; else nothing.

    Where the keyword has no sentence of its own, the one beside the condition that it stands under counts.
    """
    texts = _declared(violation.schema.get("x-message"), violation.keyword)
    if not texts and violation.reason:
        beside = violation.reason.schema.get("x-message")
        keywords = (violation.reason.keyword, "if")
        texts = next((found for each in keywords if (found := _of_keyword(beside, each))), None)
    if not texts:
        return ""
    values = {
        "title": subject(problem.path, resource),
        "value": shown(problem.value),
        "limit": Name(shown(violation.limit)),
    }
    return Sentence(texts, **values) if isinstance(texts, str) else Worded(texts, **values)


def _declared(declared: Any, keyword: str) -> str | Mapping[str, str] | None:
    if isinstance(declared, str):
        return declared
    if not isinstance(declared, Mapping):
        return None
    return _of_keyword(declared, keyword) or _in_languages(declared)


def _of_keyword(declared: Any, keyword: str) -> str | Mapping[str, str] | None:
    found = declared.get(keyword) if isinstance(declared, Mapping) else None
    return found if isinstance(found, str) else _in_languages(found or {})


def _in_languages(declared: Mapping[str, Any]) -> Mapping[str, str] | None:
    """Return the texts by language; ``if`` and ``not`` are keywords, not codes."""
    codes = {
        code: text
        for code, text in declared.items()
        if isinstance(text, str) and _CODE.fullmatch(code) and code not in ("if", "not")
    }
    return codes or None
