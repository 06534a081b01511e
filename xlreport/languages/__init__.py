"""Make the languages of workbooks: a catalogue of texts for each, and Babel's knowledge of its forms.

A catalogue is a .po file, as gettext has it, whose keys are the English texts. A report definition may bring
one of its own, in the folder ``languages`` beside it: what is in that one comes first.
"""

from pathlib import Path
from typing import Final

from xlreport.language import ENGLISH, Language

__all__ = ["load_language", "shipped_catalogues", "shipped_languages"]

_SHIPPED: Final = Path(__file__).parent
_OWN: Final = "languages"
"""Folder, beside a report definition, of its own catalogues."""


def shipped_catalogues() -> dict[str, Path]:
    """Return the catalogues that lie here, by the code of their language."""
    return {path.stem: path for path in sorted(_SHIPPED.glob("*.po"))}


def shipped_languages() -> tuple[str, ...]:
    """Return the codes of the languages that every workbook can be in, in alphabetical order."""
    return tuple(sorted([ENGLISH.code, *shipped_catalogues()]))


def load_language(code: str, beside: Path | None = None) -> Language:
    """Return the language called ``code``; ``beside`` is the folder of a definition with its own texts.

    A code may have a region, such as de-AT: the catalogue is then that of the language, and the forms of
    numbers and days are the region's. UsageError, with what there is, for any other code; SpecError where a
    catalogue cannot be read.
    """
    own = {path.stem: path for path in sorted((beside / _OWN).glob("*.po"))} if beside else {}
    if code == ENGLISH.code and code not in own:
        return ENGLISH
    from xlreport.languages.loading import loaded  # noqa: PLC0415  # import cost: English needs no Babel

    return loaded(code, own, shipped_catalogues())
