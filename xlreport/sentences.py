"""Sentences that are made in English and can be said in other languages later.

What is wrong with the data is found long before it is known who will read it. So a finding carries a
`Sentence`: text in English for everyone who wants text, with the template and the values that it was made
of for those who want it in another language (`Language.said`).

A value in a sentence is a sentence itself (the title of a field, a number of rows, a list), a `Name` (a file,
a limit that a schema sets), which every language and every reader sees as it is, or plain text or a number:
that comes from the data, and is what masking hides.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal, Protocol, Self

from xlreport.text import filled, listing, nearest, plural, shown

__all__ = [
    "Counted",
    "Listed",
    "Name",
    "Numeral",
    "Sentence",
    "Speaker",
    "Worded",
    "guess",
    "one_after_the_other",
]

Last = Literal["and", "or"]
"""The word before the last of several names."""
_MARK: Final = "\u200e"
"""Keeps 2017-12-31 in its order among words that run from right to left."""
_LATIN: Final = re.compile(r"[0-9A-Za-z]")
_NAMES: Final[dict[tuple[str, ...], tuple[str, ...]]] = {}
"""The names of values that go together, each kept once."""


class Speaker(Protocol):
    """What it takes to say a sentence: a `Language`."""

    @property
    def code(self) -> str:
        """Code of the language, such as ``de``."""

    @property
    def right_to_left(self) -> bool:
        """Whether the language runs from right to left."""

    def text(self, text: str, /, **values: object) -> str:
        """Return a text in the language, with ``values`` in its braces."""

    def count(self, number: int, singular: str, several: str = "") -> str:
        """Return ``1 record`` or ``2,000 records``."""

    def number(self, value: int, places: int = 0) -> str:
        """Return ``7,500``."""

    def listing(self, names: Iterable[object], last: Last = "and", *, most: int = 12) -> str:
        """Return ``a, b and c``."""


class Name(str):
    """Text that is the same in every language and no value of the data: a file, a sheet, a limit."""

    __slots__ = ()


class Sentence(str):
    """English text that knows its ``template`` (a key of the catalogues) and the ``values`` in its braces.

    The template of a number or a list is empty: they are said in their own way.
    """

    __slots__ = ("_given", "_names", "template")
    template: str
    _names: tuple[str, ...]
    _given: tuple[Any, ...]
    """Of the values; there are millions of sentences, and a dictionary takes three times the room."""

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Return the English text of ``template`` with the values in their places."""
        made = super().__new__(cls, filled(template, values) if values else template)
        made.template = template
        names = tuple(values)
        made._names, made._given = _NAMES.setdefault(names, names), tuple(values.values())
        return made

    @property
    def values(self) -> dict[str, Any]:
        """What stands in the braces, by name."""
        return dict(zip(self._names, self._given, strict=True))

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Let copies and pickles be sentences too."""
        return (self.template,), self.values

    def said_in(self, language: Speaker) -> str:
        """Return the sentence in a language."""
        values = {name: _said(each, language) for name, each in self.values.items()}
        return language.text(self.template, **values)

    def changed(self, change: Callable[[Any], object]) -> "Sentence":
        """Return the sentence with each value in it that is no sentence, `Name` or not, put through."""
        values = {name: _changed(each, change) for name, each in self.values.items()}
        return type(self)(*self.__getnewargs_ex__()[0], **values)


class Counted(Sentence):
    """A number with its noun: ``1 record`` or ``2,000 records``; ``several`` is the irregular plural."""

    __slots__ = ()

    def __new__(cls, number: int, singular: str, several: str = "") -> Self:
        """Return the number and the noun in the form that goes with it."""
        made = super().__new__(cls, plural(number, singular, several))
        made.template, made._names = "", ("number", "singular", "several")
        made._given = (number, singular, several)
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return what it was made of."""
        return self._given, {}

    def said_in(self, language: Speaker) -> str:
        """Return it with the plural form that the language has for the number."""
        return language.count(**self.values)

    def changed(self, _change: Callable[[Any], object]) -> Sentence:
        """Return it as it is: how many there are is no value."""
        return self


class Numeral(Sentence):
    """A whole number as a language writes it: ``12,500``."""

    __slots__ = ()

    def __new__(cls, number: int) -> Self:
        """Return the number with commas."""
        made = super().__new__(cls, f"{number:,}")
        made.template, made._names, made._given = "", ("number",), (number,)
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return what it was made of."""
        return self._given, {}

    def said_in(self, language: Speaker) -> str:
        """Return the number with the separators of the language."""
        return language.number(self.values["number"])

    def changed(self, _change: Callable[[Any], object]) -> Sentence:
        """Return it as it is: how many there are is no value."""
        return self


class Listed(Sentence):
    """Several values: ``a, b and c``, or ``a, b or c``; beyond ``most`` of them the rest is counted."""

    __slots__ = ()

    def __new__(cls, names: Iterable[object], last: Last = "and", most: int = 12) -> Self:
        """Return the names in one text."""
        all_names = tuple(names)
        made = super().__new__(cls, listing(all_names, last, most=most))
        made.template, made._names = "", ("names", "last", "most")
        made._given = (all_names, last, most)
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return what it was made of."""
        return self._given, {}

    def said_in(self, language: Speaker) -> str:
        """Return the names as the language strings them together."""
        names = [_said(each, language) for each in self.values["names"]]
        return language.listing(names, self.values["last"], most=self.values["most"])

    def changed(self, change: Callable[[Any], object]) -> Sentence:
        """Return the list with each of the names put through."""
        names = [_changed(each, change) for each in self.values["names"]]
        return type(self)(names, self.values["last"], self.values["most"])


class Worded(Sentence):
    """A sentence whose author has said it in several languages: ``texts`` by their codes."""

    __slots__ = ("texts",)
    texts: Mapping[str, str]

    def __new__(cls, texts: Mapping[str, str], /, **values: object) -> Self:
        """Return the English text, or the first where there is none."""
        made = super().__new__(cls, texts.get("en") or next(iter(texts.values())), **values)
        made.texts = texts
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return what it was made of."""
        return (self.texts,), self.values

    def said_in(self, language: Speaker) -> str:
        """Return the text for the language, or for it without its region; else what the template gives."""
        texts, code = self.texts, language.code
        own = texts.get(code) or texts.get(code.partition("-")[0])
        if own is None:
            return super().said_in(language)
        return filled(own, {name: _said(each, language) for name, each in self.values.items()})


def _said(value: object, language: Speaker) -> str:
    if isinstance(value, Sentence):
        return value.said_in(language)
    text = str(value)
    return f"{_MARK}{text}{_MARK}" if language.right_to_left and _LATIN.search(text) else text


def _changed(value: object, change: Callable[[Any], object]) -> object:
    return value.changed(change) if isinstance(value, Sentence) else change(value)


def guess(name: str, known: Iterable[str]) -> str:
    """Return ``Did you mean 'amount'?``, or an empty string where no known name is near.

    It is for names; a guess at a value of the data has the value as plain text.
    """
    found = nearest(name, known)
    return Sentence("Did you mean {guess}?", guess=Name(shown(found))) if found else ""


def one_after_the_other(*sentences: str) -> str:
    """Return several sentences as one text; empty ones are left out."""
    said = [sentence for sentence in sentences if sentence]
    if not said:
        return ""
    whole = said[0]
    for each in said[1:]:
        whole = Sentence("{sentence} {next}", sentence=whole, next=each)
    return whole
