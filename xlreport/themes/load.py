"""Turn a brand file into a Theme.

First the document is held against `schemas/theme.schema.json`; then what no schema can say is checked:
number formats, words and lengths of header and footer, contrast, the logo. All problems come at once.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from xlreport.errors import SpecError, UsageError
from xlreport.format_codes import date_problems, number_problems
from xlreport.page_lines import LEAST_ROOM, MOST_LENGTH, WORDS, fixed_length, unknown_words, words_in
from xlreport.resources import schemas_folder, workbooks_folder
from xlreport.spec import ReportSpec, folder_of
from xlreport.spec.documents import read_document
from xlreport.spec.validate import problems
from xlreport.styles import DEFAULT_THEME, USUAL_FOOTER, Image, Logo, Margins, PageLine, Sizes, Theme
from xlreport.text import did_you_mean, listing, plural, shown
from xlreport.themes.contrast import weak_pairs
from xlreport.themes.logo import read_image

__all__ = ["in_the_name_of", "load_theme", "shipped_themes", "theme_for"]

Json = Mapping[str, Any]

_COLOR: Final = re.compile("#?([0-9A-Fa-f]{6})")
_COLORS: Final = {
    "ink": "ink",
    "muted": "muted",
    "accent": "accent",
    "accentSoft": "accent_soft",
    "rule": "rule",
    "good": "good",
    "bad": "bad",
}
"""Member of ``colours`` -> field of the theme; the same for ``numberFormats`` below."""
_FORMATS: Final = {
    "integer": "integer_format",
    "decimal": "decimal_format",
    "money": "money_format",
    "scaledMoney": "scaled_money_format",
    "percent": "percent_format",
    "date": "date_format",
    "datetime": "datetime_format",
}
_CENTIMETRES: Final = 2.54
"""In an inch."""


def shipped_themes() -> dict[str, Path]:
    """Return the shipped brand files by name, that of the usual look first."""
    paths = workbooks_folder().joinpath("themes").glob("*.json")
    return {
        path.stem: path for path in sorted(paths, key=lambda path: (path.stem != DEFAULT_THEME.name, path))
    }


def theme_for(spec: ReportSpec, report: str | Path, named: str | Path = "") -> Theme:
    """Return the theme ``named`` for a run, else the one that the report names, else the usual one."""
    if named:
        return load_theme(named)
    if not spec.theme:
        return DEFAULT_THEME
    try:
        return load_theme(spec.theme, folder_of(report))
    except UsageError as error:
        if isinstance(error, SpecError):
            raise
        message = f"{report} $.theme: {error}"
        raise SpecError(message) from error


def in_the_name_of(theme: Theme, spec: ReportSpec) -> ReportSpec:
    """Return the report with the organisation of the theme, where it has none of its own."""
    if spec.parameters.organisation or not theme.organisation:
        return spec
    return replace(spec, parameters=replace(spec.parameters, organisation=theme.organisation))


def load_theme(name: str | Path, folder: Path = Path()) -> Theme:
    """Return the shipped theme called ``name``, or that of the brand file of this path, from ``folder`` on.

    UsageError where there is none, SpecError with every problem found, one a line, where it is wrong.
    """
    if not isinstance(name, str | os.PathLike):
        message = f"a theme is the name of a shipped one or the path of a brand file, not {name!r}."
        raise UsageError(message)
    path = _find(name, folder)
    document = read_document(path, "brand file")
    found = [*problems(document, _schema()), *_own_problems(document if isinstance(document, dict) else {})]
    image = None
    try:
        image = _image(_part(document, "logo"), path.parent)
    except ValueError as error:
        found.append(str(error))
    if found:
        raise SpecError("\n".join(f"{path} {problem}" for problem in found))
    return _theme(document, image)


def _find(name: str | Path, folder: Path) -> Path:
    shipped = shipped_themes()
    if str(name) in shipped:
        return shipped[str(name)]
    path = folder / name
    if path.is_file():
        return path
    message = (
        f"{name}: no such theme. Shipped are {listing(shipped)}; "
        f"a brand file of your own is named by its path{did_you_mean(str(name), shipped)}"
    )
    raise UsageError(message)


def _schema() -> Json:
    schema: Json = json.loads((schemas_folder() / "theme.schema.json").read_text(encoding="utf-8"))
    return schema


def _part(document: object, name: str) -> Json:
    """Return a member that is an object; an empty one where there is none, or something else."""
    part = document.get(name) if isinstance(document, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _texts(part: Json) -> dict[str, str]:
    return {name: value for name, value in part.items() if isinstance(value, str) and value}


# --- what no schema can say -------------------------------------------------------------------------


def _own_problems(document: Json) -> Iterator[str]:
    for name, code in _texts(_part(document, "numberFormats")).items():
        for problem in _code_problems(name, code):
            yield f"$.numberFormats.{name}: {shown(code)} does not do: {problem}."
    for name in ("header", "footer"):
        yield from _line_problems(f"$.{name}", _texts(_part(document, name)))
    own = _own_colors(_part(document, "colours"))
    for name, problem in weak_pairs({**_usual_colors(), **own}, own):
        yield f"$.colours.{name}: {problem}."


def _code_problems(name: str, code: str) -> Iterator[str]:
    if name in ("date", "datetime"):
        yield from date_problems(code, time=name == "datetime")
    elif name in _FORMATS:
        yield from number_problems(code, percent=name == "percent")


def _line_problems(path: str, texts: Mapping[str, str]) -> Iterator[str]:
    for name, text in texts.items():
        for word in unknown_words(text):
            known = listing(f"{{{one}}}" for one in WORDS)
            guess = did_you_mean(word, WORDS) or "."
            yield f"{path}.{name}: {{{word}}} is not known; allowed are {known}{guess}"
    line = PageLine(*(texts.get(name, "") for name in ("left", "middle", "right")))
    values = [word for word in words_in(line) if word in ("title", "period", "organisation")]
    excess = fixed_length(line) + LEAST_ROOM * len(values) - MOST_LENGTH
    if excess > 0:
        room = (
            f", and each of {listing(f'{{{value}}}' for value in values)} needs {LEAST_ROOM}"
            if values
            else ""
        )
        yield (
            f"{path}: its parts have {fixed_length(line)} characters with their codes; Excel takes "
            f"{MOST_LENGTH}{room}. Leave out {plural(excess, 'character')}."
        )


def _own_colors(part: Json) -> dict[str, str]:
    """Return the colours of a brand file by their names; those of series are ``series[0]`` and so on."""
    series = part.get("series")
    listed = {f"series[{at}]": color for at, color in enumerate(series if isinstance(series, list) else ())}
    known = {name: value for name, value in part.items() if name in _COLORS}
    return {
        name: color[1].upper()
        for name, value in {**known, **listed}.items()
        if isinstance(value, str) and (color := _COLOR.fullmatch(value))
    }


def _usual_colors() -> dict[str, str]:
    return {name: str(getattr(DEFAULT_THEME, field)) for name, field in _COLORS.items()}


def _image(logo: Json, folder: Path) -> Image | None:
    """Return the picture of a logo; ValueError with a path and a sentence where there is none."""
    file = logo.get("file")
    if not isinstance(file, str) or not file:
        return None
    try:
        return read_image(folder / file)
    except FileNotFoundError as error:
        message = f"$.logo.file: there is no file {shown(file)} beside the brand file."
        raise ValueError(message) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"$.logo.file: {shown(file)} cannot be read: {reason}."
        raise ValueError(message) from error
    except ValueError as error:
        message = f"$.logo.file: {shown(file)} cannot be used: {error}"
        raise ValueError(message) from error


# --- the theme --------------------------------------------------------------------------------------


def _theme(document: Json, image: Image | None) -> Theme:
    colors, formats = _own_colors(_part(document, "colours")), _part(document, "numberFormats")
    fonts, logo = _part(document, "fonts"), _part(document, "logo")
    series = tuple(color for name, color in colors.items() if name.startswith("series"))
    usual = DEFAULT_THEME
    theme = Theme(
        name=document["name"],
        font=fonts.get("body", usual.font),
        heading_font=fonts.get("heading", ""),
        sizes=Sizes(**{name: float(size) for name, size in _part(document, "sizes").items()}),
        series=series or usual.series,
        paper=document.get("paper", usual.paper),
        margins=_margins(_part(document, "margins")),
        header=_line(document, "header", PageLine()),
        footer=_line(document, "footer", USUAL_FOOTER),
        organisation=document.get("organisation", ""),
        logo=Logo(image, logo["altText"], logo.get("sheets") != "first") if image else None,
    )
    chosen: dict[str, Any] = {field: colors[name] for name, field in _COLORS.items() if name in colors}
    chosen |= {field: formats[name] for name, field in _FORMATS.items() if name in formats}
    return replace(theme, **chosen)


def _line(document: Json, name: str, usual: PageLine) -> PageLine:
    return PageLine(**_part(document, name)) if name in document else usual


def _margins(part: Json) -> Margins:
    return Margins(**{name: round(float(size) / _CENTIMETRES, 3) for name, size in part.items()})
