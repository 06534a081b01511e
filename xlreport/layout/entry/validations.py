"""Turn the conditions of a column into its data validation and its marks.

A cell has one validation: what one formula of at most 255 characters can say is refused on entry. Everything
else, and whatever was pasted over a validation, shows afterwards by its colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xlreport.cells import cut
from xlreport.language import Language
from xlreport.layout.entry.book import FormBook, Spot
from xlreport.layout.entry.conditions import Condition, key_conditions, limits_of, reference_of
from xlreport.layout.entry.rules import needs_of, rule_conditions
from xlreport.layout.entry.words import DAY, allowed
from xlreport.plan import ConditionalFormat, Validation
from xlreport.plan_entry import MOST_ERROR, MOST_FORMULA, MOST_PROMPT, MOST_TITLE
from xlreport.tables import Kind

__all__ = ["MISSING", "SUSPECT", "WRONG", "Checks", "checks_of", "choice_of", "prompt_of"]

MISSING: Final = "FFF2CC"
"""Fill of a cell that needs a value."""
WRONG: Final = "F8CBAD"
"""Fill of a value that is not allowed."""
SUSPECT: Final = "DDD6EE"
"""Fill of a value that should be looked at."""


@dataclass(frozen=True, slots=True)
class Checks:
    """What Excel does about the values of a column."""

    validation: Validation
    marks: tuple[ConditionalFormat, ...]
    unsaid: tuple[Condition, ...]
    """Conditions that are only marked although they could be refused, for want of room."""


def checks_of(spot: Spot, book: FormBook) -> Checks:
    """Return the validation of a column and the marks of its cells."""
    base = list(limits_of(spot, book))
    rules = list(rule_conditions(spot, book))
    listed = next((rule for rule in rules if rule.limit and rule.limit.kind == "list"), None)
    if listed and not any(one.limit and one.limit.kind == "list" for one in base):
        rules.remove(listed)
        base.insert(0, listed)
    found = [*base, *key_conditions(spot, book), *rules]
    validation, said = _validation(spot, found, book)
    unsaid = [one for one in found if one.refused and one.stops and one not in said]
    return Checks(validation, tuple(_marks(spot, found, book)), tuple(unsaid))


def prompt_of(spot: Spot, book: FormBook) -> str:
    """Return what is shown when a cell of the column is chosen: what it means, and what is allowed."""
    column, language = spot.column, book.language
    found = reference_of(spot, book)
    what = choice_of(found[0], language) if found else allowed(column, language)
    said = [column.description, language.text("Allowed: {what}.", what=what)]
    if column.kind is Kind.DATE:
        said.append(language.text("Example: {example}", example=DAY.isoformat()))
    return "\n".join(filter(None, said))


def choice_of(target: Spot, language: Language) -> str:
    """Return what a column can hold whose values are those of another column."""
    return language.text(
        "one of the column {column} of the sheet {sheet}",
        column=target.column.heading,
        sheet=target.sheet.name,
    )


def _validation(spot: Spot, found: Sequence[Condition], book: FormBook) -> tuple[Validation, list[Condition]]:
    """Return the validation, and the conditions that it makes sure of."""
    language = book.language
    cells, heading = spot.sheet.range(spot.number), spot.column.heading
    prompt = cut(prompt_of(spot, book), MOST_PROMPT)
    plain = Validation(cells, title=cut(heading, MOST_TITLE), prompt=prompt)
    refused = [one for one in found if one.refused and one.stops] or [one for one in found if one.refused]
    if not refused:
        return plain, []
    said = _that_fit(refused)
    sentence = " ".join(dict.fromkeys(one.sentence for one in said))
    limit = said[0].limit
    only_limit = limit is not None and (len(said) == 1 or limit.kind == "list")
    if limit is not None and limit.kind == "list":
        said = said[:1]
        sentence = said[0].sentence
    formula = said[0].formula if len(said) == 1 else f"AND({','.join(one.formula for one in said)})"
    validation = Validation(
        cells,
        limit.kind if limit and only_limit else "custom",
        limit.formula if limit and only_limit else formula,
        limit.second if limit and only_limit else "",
        limit.operator if limit and only_limit else "between",
        plain.title,
        plain.prompt,
        cut(language.text("Not allowed: {title}", title=heading), MOST_TITLE),
        cut(sentence, MOST_ERROR),
        stops=said[0].stops,
        ignores_empty=only_limit and not (limit and limit.grows),
    )
    return validation, said


def _that_fit(found: Sequence[Condition]) -> list[Condition]:
    """Return as many of the conditions as one formula has room for, the first ones first."""
    said: list[Condition] = []
    for one in found:
        length = len(f"AND({','.join(each.formula for each in [*said, one])})")
        if not said or length <= MOST_FORMULA:
            said.append(one)
    return said


def _marks(spot: Spot, found: Sequence[Condition], book: FormBook) -> list[ConditionalFormat]:
    cells, cell = spot.sheet.range(spot.number), spot.cell
    theme = book.theme
    marks = [
        ConditionalFormat(cells, "formula", formula=f'AND({cell}="",{need})', fill=MISSING)
        for need in dict.fromkeys([*_needs(spot), *needs_of(spot, book)])
    ]
    for one in found:
        formula = f'AND({cell}<>"",NOT({one.mark or one.formula}))'
        color, fill = (theme.bad, WRONG) if one.stops else (theme.ink, SUSPECT)
        marks.append(ConditionalFormat(cells, "formula", color, formula, fill))
    return marks


def _needs(spot: Spot) -> list[str]:
    """Return the formula of when the schema needs a value in the column: once something else is there."""
    sheet, need = spot.sheet, spot.column.need
    if need is None:
        return []
    if need == sheet.row_path:
        return [f"COUNTA({sheet.row_cells()})>0"]
    inside = [
        at
        for at, other in enumerate(sheet.columns, 1)
        if other.path.startswith(f"{need}/") and not other.is_key
    ]
    return [f"COUNTA({sheet.row_cells(inside[0], inside[-1])})>0"]
