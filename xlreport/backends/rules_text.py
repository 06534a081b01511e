"""Turn what came of the rules of a schema into a sentence, and into a table for the terminal."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import starmap
from typing import Final

from xlreport.backends.wrapping import safe
from xlreport.language import ENGLISH, Language, key
from xlreport.rules import RuleOutcome
from xlreport.sentences import Counted, Listed, Numeral, Sentence
from xlreport.text import text_width

__all__ = ["REASONS", "lines", "summary"]

REASONS: Final = {
    "condition": key("the rule is not about such records"),
    "empty": key("a value is empty"),
    "no-items": key("there are no items"),
    "errors": key("a value has an error"),
}
"""Why a rule does not apply to a record, in words."""
_GAP: Final = "  "
_NUMBERS: Final = (2, 3)
"""Columns that are aligned to the right."""


def summary(outcomes: Sequence[RuleOutcome]) -> Sentence:
    """Return ``11 rules: 9 held, 1 broken and 1 applied to no record``, with a full stop."""
    broken = sum(outcome.failed > 0 for outcome in outcomes)
    held = sum(outcome.held > 0 and not outcome.failed for outcome in outcomes)
    idle = len(outcomes) - held - broken
    said = (
        (held, Sentence("{number} held", number=Numeral(held))),
        (broken, Sentence("{number} broken", number=Numeral(broken))),
        (idle, Sentence("{number} applied to no record", number=Numeral(idle))),
    )
    return Sentence(
        "{rules}: {outcomes}.",
        rules=Counted(len(outcomes), "rule"),
        outcomes=Listed(words for count, words in said if count),
    )


def lines(outcomes: Iterable[RuleOutcome], language: Language = ENGLISH) -> Iterator[str]:
    """Yield a line for each rule: in how many records it held, was broken, or why it did not apply."""
    head = language.texts("Register", "Rule", "Held", "Broken", "Not applicable")
    rows = [head, *(_row(outcome, language) for outcome in outcomes)]
    widths = [max(map(text_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = starmap(_padded, zip(range(len(row)), row, widths, strict=True))
        yield _GAP.join(cells).rstrip()


def _row(outcome: RuleOutcome, language: Language) -> tuple[str, ...]:
    reasons = (
        f"{language.number(count)}: {language.text(REASONS[reason])}"
        for reason, count in outcome.not_applicable.items()
    )
    counts = (language.number(outcome.held), language.number(outcome.failed))
    return (safe(outcome.resource), outcome.rule, *counts, "; ".join(reasons))


def _padded(column: int, text: str, width: int) -> str:
    blanks = " " * (width - text_width(text))
    return blanks + text if column in _NUMBERS else text + blanks
