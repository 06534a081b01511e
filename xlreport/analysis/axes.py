"""Turn a field of a pivot's axis into labels: one SQL expression for all who use it, and their order.

A label is what readers see, and what tells two items of a pivot apart. Texts that Excel or a reader would
take for one item are one label here, so that a pivot computed from the rows and one that Excel itself makes
from the labels have the same items.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from xlreport.analysis.built import BuiltTable
from xlreport.analysis.results import ModelColumn
from xlreport.analysis.spoken import spoken_words
from xlreport.analysis.sql import DATES, NUMBERS, Sql, in_kinds, join, quoted
from xlreport.errors import SpecError
from xlreport.language import Language, key
from xlreport.spec.records import AxisField
from xlreport.tables import Kind

if TYPE_CHECKING:  # the model keeps the axes that were made with this module
    from xlreport.analysis.model import Model

__all__ = ["NO", "NOT_STATED", "YES", "AxisColumn", "axis_column"]

NOT_STATED: Final = key("Not stated")
"""Label of the rows that have no value in a field; never dropped in silence."""
YES: Final = key("Yes")
NO: Final = key("No")

_GROUPED: Final[Mapping[str, str]] = {
    "year": key("{title} by year"),
    "quarter": key("{title} by quarter"),
    "month": key("{title} by month"),
}
_MERGED: Final = key("{title}: spellings that differ only in capitals or blanks are one item: {examples}.")
_SAID: Final = key("{title}: rows that say '{label}' are counted with those that have no value.")

_MOST_EXAMPLES: Final = 3
_MOST_CHARACTERS: Final = 255
"""Characters of a label: Excel's pivots hold no more."""
_MOST_WHOLE: Final = 10**15
"""Whole numbers of more digits are no longer exact in Excel, so there they are text."""

Label = str | int


@dataclass(frozen=True, slots=True)
class AxisColumn:
    """The labels of a field, for all rows of its table."""

    name: str
    """`AxisField.name`."""
    title: str
    sql: Sql
    """The label of a row, over the alias ``t``; never NULL."""
    order: tuple[Label, ...]
    """All labels that the table has, in the order in which they are shown: all texts or all whole numbers."""
    plain: bool
    """Whether the label is the table's own column as it stands."""
    remarks: tuple[str, ...] = ()
    """What readers have to know of the labels, in sentences."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What the definition calls a label -> the label, where the report's language has another word."""


def axis_column(model: "Model", tables: Sequence[BuiltTable], axis: AxisField) -> AxisColumn:
    """Return the labels of a field that all of the ``tables`` have; worked out once per field.

    SpecError where one of them lacks it, where they hold different kinds in it, and where what is to be
    grouped by year, quarter or month is no date.
    """
    kind, column = _kind(tables, axis), tables[0].column(axis.field)
    title = model.filled(axis.title or column.title)
    if axis.by and not axis.title:
        title = model.language.text(_GROUPED[axis.by], title=title)
    place = (axis.name, *(table.stored for table in tables))
    if place not in model.axes:
        labelled = _labelled(model, tables, replace(column, kind=kind, title=title), axis)
        words = {**spoken_words((NOT_STATED, YES, NO), model.language), **column.words}
        model.axes[place] = replace(labelled, words=words)
    return replace(model.axes[place], title=title)


def _kind(tables: Sequence[BuiltTable], axis: AxisField) -> Kind:
    kinds = [table.column(axis.field).kind for table in tables]
    for table, kind in zip(tables, kinds, strict=True):
        if axis.by and kind not in DATES:
            message = (
                f"the field '{axis.field}' of '{table.name}' holds {in_kinds(kind)}, and only dates are "
                f"grouped by {axis.by}; leave out by, or name a field of dates."
            )
            raise SpecError(message)
        if _family(kind) != _family(kinds[0]):
            message = (
                f"the field '{axis.field}' holds {in_kinds(kinds[0])} in '{tables[0].name}' and "
                f"{in_kinds(kind)} in '{table.name}'; measures of both stand in one pivot only where "
                "it holds the same."
            )
            raise SpecError(message)
    return next((kind for kind in kinds if kind in (Kind.DECIMAL, Kind.DATETIME)), kinds[0])


def _family(kind: Kind) -> Sequence[Kind]:
    return next((group for group in (NUMBERS, DATES) if kind in group), (kind,))


def _labelled(
    model: "Model", tables: Sequence[BuiltTable], column: ModelColumn, axis: AxisField
) -> AxisColumn:
    field = tables[0].field(axis.field)
    if column.kind is Kind.TEXT:
        return _of_texts(model, tables, column, axis, field)
    not_stated = model.language.text(NOT_STATED)
    label = _label(column.kind, axis.by, field, model.language)
    values = join(
        (Sql(f"SELECT {field} AS v FROM {quoted(table.stored)} t") for table in tables), " UNION ALL "
    )
    found = model.engine.rows(
        "SELECT "
        + _label(column.kind, axis.by, "v", model.language)
        + ", min(v) FROM ("
        + values
        + ") GROUP BY 1 ORDER BY 2, 1"
    )
    labels = [text for text, least in found if least is not None]
    missing = len(labels) < len(found)
    if column.kind is Kind.INTEGER and not missing and all(abs(least) < _MOST_WHOLE for _, least in found):
        return AxisColumn(axis.name, column.title, Sql(field), tuple(least for _, least in found), plain=True)
    order = (*labels, not_stated) if missing else tuple(labels)
    return AxisColumn(axis.name, column.title, label, order, plain=False)


# --- numbers, dates, yes and no ---------------------------------------------------------------------


def _label(kind: Kind, by: str, field: str, language: Language) -> Sql:
    """Return the SQL of the label of a value that is no text."""
    if kind is Kind.BOOLEAN:
        text = Sql(f"CASE {field} WHEN TRUE THEN ? WHEN FALSE THEN ? END", language.texts(YES, NO))
    else:
        text = Sql(_TEXTS[by or kind](field))
    return "COALESCE(" + text + Sql(", ?)", language.texts(NOT_STATED))


def _whole(field: str) -> str:
    return f"CAST({field} AS VARCHAR)"


def _decimal(field: str) -> str:
    text = _whole(field)
    return f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"


_TEXTS: Final[Mapping[Kind | str, Callable[[str], str]]] = {
    "year": lambda field: f"printf('%04d', year({field}))",
    "quarter": lambda field: f"printf('%04d-Q%d', year({field}), quarter({field}))",
    "month": lambda field: f"printf('%04d-%02d', year({field}), month({field}))",
    Kind.INTEGER: _whole,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _whole,
    Kind.DATETIME: _whole,
}


# --- texts ------------------------------------------------------------------------------------------


def _of_texts(
    model: "Model", tables: Sequence[BuiltTable], column: ModelColumn, axis: AxisField, field: str
) -> AxisColumn:
    values = join(
        (Sql(f"SELECT {field} AS v FROM {quoted(table.stored)} t") for table in tables), " UNION ALL "
    )
    rows: dict[str | None, int] = dict(
        model.engine.rows("SELECT v, count(*) FROM (" + values + ") GROUP BY 1 ORDER BY 1")
    )
    not_stated = model.language.text(NOT_STATED)
    missed = not_stated.lower()
    spellings = _spellings(rows, missed)
    labels = _cut({folded: _usual(texts, rows) for folded, texts in spellings.items() if folded != missed})
    named = {text: labels.get(folded, not_stated) for folded, texts in spellings.items() for text in texts}
    renamed = {text: label for text, label in named.items() if text != label}
    missing = None in rows or missed in spellings
    order = sorted(labels.values(), key=_rank(column.order))
    return AxisColumn(
        name=axis.name,
        title=column.title,
        sql=_renaming(model, field, renamed, missing=None in rows),
        order=(*order, not_stated) if missing else tuple(order),
        plain=not renamed and None not in rows,
        remarks=tuple(_remarks(column.title, spellings, labels, model.language, missing=None in rows)),
    )


def _renaming(model: "Model", field: str, renamed: Mapping[str, str], *, missing: bool) -> Sql:
    parts = [Sql(field)]
    if renamed:
        stored = model.store(
            {"value": (Kind.TEXT, list(renamed)), "label": (Kind.TEXT, list(renamed.values()))}
        )
        parts.insert(0, Sql(f"(SELECT m.label FROM {quoted(stored)} m WHERE m.value = {field})"))
    if missing:
        parts.append(Sql("?", model.language.texts(NOT_STATED)))
    return "COALESCE(" + join(parts, ", ") + ")" if len(parts) > 1 else parts[0]


def _without_blanks(text: str) -> str:
    """Return a text with its ends trimmed and every run of blanks inside as one."""
    return " ".join(text.split())


def _spellings(texts: Mapping[str | None, Any], missed: str) -> dict[str, list[str]]:
    """Return the texts that are one item, by what they have in common; ``missed`` for no text at all."""
    found: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        if text is not None:
            found[_without_blanks(text).lower() or missed].append(text)
    return dict(found)


def _usual(texts: Sequence[str], rows: Mapping[str | None, int]) -> str:
    """Return the spelling that most rows have, or the first in the alphabet of those."""
    if len(texts) == 1:
        return _without_blanks(texts[0])
    counted: Counter[str] = Counter()
    for text in texts:
        counted[_without_blanks(text)] += rows[text]
    return min(counted, key=lambda text: (-counted[text], text))


def _cut(labels: dict[str, str]) -> dict[str, str]:
    """Return the labels with those that are too long cut, and those told apart that become equal by it."""
    too_long = [folded for folded, label in labels.items() if len(label) > _MOST_CHARACTERS]
    taken = set(labels)
    for folded in too_long:
        number, label = 1, f"{labels[folded][: _MOST_CHARACTERS - 1]}…"
        while label.lower() in taken:
            number += 1
            mark = f"… ({number})"
            label = labels[folded][: _MOST_CHARACTERS - len(mark)] + mark
        taken.add(label.lower())
        labels[folded] = label
    return labels


def _rank(order: Sequence[str]) -> Callable[[str], tuple[int, str, str]]:
    """Return what labels are sorted by: the column's own order, then the alphabet."""
    places = {_without_blanks(text).lower(): place for place, text in enumerate(order)}

    def rank(label: str) -> tuple[int, str, str]:
        folded = label.lower()
        return places.get(folded, len(places)), folded, label

    return rank


def _remarks(
    title: str,
    spellings: Mapping[str, Sequence[str]],
    labels: Mapping[str, str],
    language: Language,
    *,
    missing: bool,
) -> list[str]:
    not_stated = language.text(NOT_STATED)
    silent = spellings.get(not_stated.lower(), ())
    merged = [
        language.text(
            "{spelling} with {label}",
            spelling=_quoted(next(text for text in texts if text != labels[folded])),
            label=_quoted(labels[folded]),
        )
        for folded, texts in spellings.items()
        if len(texts) > 1 and folded in labels
    ]
    remarks = []
    if merged:
        examples = language.listing(merged, most=_MOST_EXAMPLES)
        remarks.append(language.text(_MERGED, title=title, examples=examples))
    if any(map(_without_blanks, silent)) and (missing or "" in map(_without_blanks, silent)):
        remarks.append(language.text(_SAID, title=title, label=not_stated))
    return remarks


_MOST_QUOTED: Final = 40


def _quoted(text: str) -> str:
    return f"'{text}'" if len(text) <= _MOST_QUOTED else f"'{text[: _MOST_QUOTED - 1]}…'"
