"""Sentences that are made in English and can be said in other languages later.

What is wrong with the data is found long before it is known who will read it. So a finding carries a
`Sentence`: text in English for everyone who wants text, with the template and the values that it was made
of for those who want it in another language (`Language.said`).
"""

from collections.abc import Mapping
from typing import Any, Final, Self

from xlreport.text import filled

__all__ = ["Sentence"]

_NO_VALUES: Final[Mapping[str, Any]] = {}


class Sentence(str):
    """English text that knows its ``template`` (a key of the catalogues) and the ``values`` in its braces.

    Values are texts, numbers, or sentences themselves, such as the title of a field of a shipped schema.
    Texts and numbers stand in every language as they are given.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Return the English text of ``template`` with the values in their places."""
        words = {name: str(value) for name, value in values.items()}
        made = super().__new__(cls, filled(template, words) if values else template)
        made.template = template
        made.values = values or _NO_VALUES
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Let copies and pickles be sentences too."""
        return (self.template,), dict(self.values)
