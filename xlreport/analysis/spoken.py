"""Turn the headings of a dataset's tables into those of the report's language."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace

from xlreport.errors import SpecError
from xlreport.language import Language
from xlreport.tables import Column, Table

__all__ = ["spoken_tables", "spoken_words"]


def spoken_tables(tables: dict[str, Table], language: Language) -> None:
    """Give each of ``tables`` the titles and descriptions that the language has for them."""
    for name, table in tables.items():
        columns = tuple(_column(column, language) for column in table.columns)
        tables[name] = replace(table, title=language.text(table.title), columns=columns)


def _column(column: Column, language: Language) -> Column:
    title, description = language.texts(column.title, column.description)
    return replace(column, title=title, description=description)


def spoken_words(words: Iterable[object], language: Language) -> Mapping[str, str]:
    """Return the texts among ``words`` with what the language has for them."""
    said = {word: language.text(word) for word in words if isinstance(word, str)}
    for word, other in itertools.combinations(said, 2):
        if said[word] == said[other]:
            message = (
                f"The catalogue of '{language.code}' says '{said[word]}' for both '{word}' and '{other}', "
                "which figures tell apart; give them different words."
            )
            raise SpecError(message)
    return said
