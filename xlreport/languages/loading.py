"""Turn the code of a language into its record: catalogues are read, and Babel is asked for its forms."""

import io
import itertools
import re
from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from xlreport.errors import SpecError, UsageError
from xlreport.json_words import not_utf8
from xlreport.language import ENGLISH, Language
from xlreport.languages.forms import LocaleForms, locale_of
from xlreport.text import did_you_mean, listing, shown

__all__ = ["loaded"]

_LINE: Final = re.compile(r'\s*(#.*|((msgctxt|msgid|msgid_plural|msgstr(\[\d+\])?)\s+)?"([^"\\]|\\.)*"\s*)?')


def loaded(code: str, own: Mapping[str, Path], shipped: Mapping[str, Path]) -> Language:
    """Return the language called ``code``, whose texts are looked up in ``own`` catalogues before ours."""
    plain = code.partition("-")[0]
    paths = [catalogues[code] for catalogues in (own, shipped) if code in catalogues]
    if plain != code:
        paths += [catalogues[plain] for catalogues in (own, shipped) if plain in catalogues]
    locale = locale_of(code)
    if locale is None or not (paths or plain == ENGLISH.code):
        raise UsageError(_unknown(code, sorted({ENGLISH.code, *own, *shipped})))
    catalogues = [_read(path) for path in paths]
    for first, second in itertools.pairwise(catalogues):
        first.add_fallback(second)
    return Language(
        code,
        catalogues[0] if catalogues else ENGLISH.catalogue,
        ENGLISH.forms if code == ENGLISH.code else LocaleForms(locale),
        right_to_left=locale.character_order == "right-to-left",
    )


def _unknown(code: str, known: list[str]) -> str:
    guess = did_you_mean(code, known) or "."
    own = "A definition of your own may bring others, in the folder languages beside it"
    return f"The language '{code}' is not known; there are {listing(known)}{guess} {own}: {code}.po."


def _read(path: Path) -> GNUTranslations:
    """Return the catalogue in a .po file, as the standard library's gettext has it."""
    return GNUTranslations(io.BytesIO(_compiled(path, path.stat().st_mtime_ns)))


@cache
def _compiled(path: Path, _changed: int) -> bytes:
    """Return the catalogue as a .mo file has it; a changed file is read again."""
    try:
        content = path.read_bytes()
        _check_lines(path, content.decode("utf-8-sig"))
        catalogue = read_po(io.BytesIO(content), locale=path.stem.replace("-", "_"), abort_invalid=True)
    except UnicodeDecodeError as error:
        message = f"{path}: the catalogue cannot be read: {not_utf8(error)}."
        raise SpecError(message) from error
    except (PoFileError, OSError, ValueError) as error:
        message = f"{path}: the catalogue cannot be read: {error}."
        raise SpecError(message) from error
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def _check_lines(path: Path, text: str) -> None:
    """Refuse what Babel takes without a word: a text whose quotes are not closed loses its last letter."""
    for number, line in enumerate(text.splitlines(), 1):
        if not _LINE.fullmatch(line):
            message = (
                f"{path}:{number}: {shown(line)} is no line of a catalogue; a text stands in double quotes "
                "after msgid or msgstr."
            )
            raise SpecError(message)
