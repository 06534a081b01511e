"""Make the languages of workbooks: a catalogue of texts for each, and Babel's knowledge of its forms.

A catalogue is a .po file, as gettext has it, whose keys are the English texts. A report definition may bring
one of its own, in the folder ``languages`` beside it: what is in that one comes first.
"""

import io
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Final

from xlreport.errors import SpecError, UsageError
from xlreport.language import ENGLISH, Language
from xlreport.text import did_you_mean, listing

__all__ = ["load_language", "shipped_languages"]

_HERE: Final = Path(__file__).parent
_FOLDER: Final = "languages"


def shipped_languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a catalogue here, English first."""
    return (ENGLISH.code, *sorted(path.stem for path in _HERE.glob("*.po")))


def load_language(code: str, beside: Path | None = None) -> Language:
    """Return the language called ``code``; ``beside`` is the folder of a report definition with its own texts.

    A code may have a region, such as de-AT: the catalogue is that of the language, the forms of numbers and
    days are the region's. UsageError, with what there is, for any other; SpecError for a wrong catalogue.
    """
    own = _own(code, beside)
    if code == ENGLISH.code and own is None:
        return ENGLISH
    from xlreport.languages.forms import LocaleForms, locale_of  # import cost: English needs no Babel

    plain = code.replace("_", "-").partition("-")[0]
    locale = locale_of(code) if plain in shipped_languages() or own else None
    if locale is None:
        known = {*shipped_languages(), *(path.stem for path in _folder(beside).glob("*.po"))}
        message = (
            f"The language '{code}' is not known; there are {listing(sorted(known))}"
            f"{did_you_mean(code, known) or '.'} A definition of your own may bring others: {_FOLDER}/{code}.po."
        )
        raise UsageError(message)
    catalogues = [_read(path) for path in (own, _shipped(plain)) if path]
    for first, second in zip(catalogues, catalogues[1:], strict=False):
        first.add_fallback(second)
    forms = ENGLISH.forms if code == ENGLISH.code else LocaleForms(locale)
    catalogue = catalogues[0] if catalogues else ENGLISH.catalogue
    return Language(code, catalogue, forms, right_to_left=locale.character_order == "right-to-left")


def _folder(beside: Path | None) -> Path:
    return beside / _FOLDER if beside else _HERE


def _own(code: str, beside: Path | None) -> Path | None:
    path = _folder(beside) / f"{code}.po"
    return path if beside and Path(code).name == code and path.is_file() else None


def _shipped(code: str) -> Path | None:
    path = _HERE / f"{code}.po"
    return path if path.is_file() else None


def _read(path: Path) -> GNUTranslations:
    """Return the catalogue in a .po file, as the standard library's gettext has it."""
    return GNUTranslations(io.BytesIO(_compiled(path, path.stat().st_mtime_ns)))


@cache
def _compiled(path: Path, _changed: int) -> bytes:
    from babel.messages.mofile import write_mo  # import cost, as above
    from babel.messages.pofile import PoFileError, read_po

    try:
        catalogue = read_po(io.BytesIO(path.read_bytes()), locale=path.stem.replace("-", "_"), abort_invalid=True)
    except (PoFileError, OSError, ValueError) as error:
        message = f"{path}: the catalogue cannot be read: {error}."
        raise SpecError(message) from error
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()
