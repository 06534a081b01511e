"""Invented names of organisations, in Latin, Cyrillic and Arabic letters."""

# the Cyrillic letters are meant
import random

from xlreport.sample.draws import below, pick

__all__ = ["former_supplier_name", "local_name", "office_name", "works_name"]

_FIRST = (
    *("Bal", "Bren", "Cor", "Dal", "Dor", "Elm", "Fal", "Gar", "Hal", "Hest", "Jor", "Kal", "Kest", "Lar"),
    *("Lom", "Mar", "Mel", "Nar", "Nor", "Ost", "Pel", "Quor", "Ral", "Rov", "Sal", "Sev", "Tar", "Tev"),
    *("Ulm", "Var", "Vel", "Vos", "Wen", "Xan", "Yar", "Zel", "Zor", "Thal", "Brak", "Crel"),
)
_LAST = (
    *("ada", "ben", "cor", "dane", "esk", "fort", "gard", "holm", "ina", "jen", "kova", "lund", "mere"),
    *("nik", "ova", "pera", "quist", "ryn", "stad", "tova", "una", "vik", "wick", "xa", "ysk", "zano"),
    *("mont", "dale", "berg", "strom", "ford", "ax", "or", "ium", "eth", "ara"),
)
_WORKS = (
    *("Engineering", "Forge", "Instruments", "Foundry", "Optics", "Bearings", "Castings", "Cables"),
    *("Hydraulics", "Composites", "Electronics", "Tooling", "Logistics", "Coatings", "Sensors", "Motors"),
    *("Fasteners", "Software", "Rubber", "Glass", "Batteries", "Packaging", "Research", "Assembly"),
)
_OFFICES = (
    *("Procurement Agency", "Port Authority", "Air Services", "Rail Directorate", "Coast Service"),
    *("Works Department", "Training Centre", "Technical Bureau", "Transport Fleet", "Supply Office"),
)
_LEGAL = {
    "CZ": "a.s.",
    "SK": "s.r.o.",
    "PL": "Sp. z o.o.",
    "HU": "Kft.",
    "DE": "GmbH",
    "FR": "SARL",
    "IT": "S.p.A.",
    "ES": "S.L.",
    "GB": "Ltd",
    "BG": "OOD",
    "RS": "d.o.o.",
    "IN": "Pvt. Ltd.",
    "CN": "Co., Ltd.",
    "TR": "A.Ş.",
}
_ACCENTED = {
    "CZ": "Výroba",
    "SK": "Údržba",
    "PL": "Łożyska",
    "HU": "Műszer",
    "ES": "Señal",
    "FR": "Équipement",
}
_CYRILLIC = ("BG", "RS", "KZ")
_CYRILLIC_WORKS = ("Завод", "Комбинат", "Бюро", "Цех", "Институт", "Мастерская", "Фабрика")
_CYRILLIC_FIRST = (
    *("Бал", "Вел", "Гар", "Дор", "Зор", "Кал", "Лом"),
    *("Мел", "Нар", "Пел", "Рав", "Сев", "Тар", "Яр"),
)
_CYRILLIC_LAST = ("ада", "бен", "гард", "ина", "кова", "мир", "ник", "ова", "стан", "това", "уна", "жен")
_ARABIC = ("EG", "DZ", "AE")
_ARABIC_WORKS = ("مصنع", "شركة", "مؤسسة", "ورشة")
_ARABIC_WORDS = (
    *("الواحة", "النسيم", "المنارة", "الرمال", "القافلة"),
    *("الشراع", "الينبوع", "المرجان", "الهلال", "السنابل"),
)

_TRAPS = {40: "=Quadrant Tooling", 41: "@lto Logistics"}
"""Two names that a spreadsheet takes for a formula, if it is let."""


def works_name(number: int, country: str) -> str:
    """Return the name of enterprise ``number``; no two enterprises have the same."""
    if number in _TRAPS:
        return _TRAPS[number]
    # a step that shares no factor with the number of names visits each of them once, well apart
    place = number * 5_003 % (len(_WORKS) * len(_FIRST) * len(_LAST))
    if country in _ARABIC:
        return _arabic_name(place)
    if country in _CYRILLIC and number % 3:
        return _cyrillic_name(place)
    return _latin_name(place, country)


def _latin_name(number: int, country: str) -> str:
    stem, kind = _stem(number), _WORKS[number % len(_WORKS)]
    legal = _LEGAL.get(country, "")
    match number % 11:
        case 0:
            name = f"{stem} & {_stem(number * 7 + 3)} {kind}"
        case 1:
            name = f'"{stem}" {kind}'
        case 2:
            name = f"{stem}'s {kind}"
        case 3 | 4 if country in _ACCENTED:
            name = f"{_ACCENTED[country]} {stem} {kind}"
        case _:
            name = f"{stem} {kind}"
    return f"{name} {legal}".strip()


def _stem(number: int) -> str:
    place = number // len(_WORKS) * 601 % (len(_FIRST) * len(_LAST))
    return _FIRST[place // len(_LAST)] + _LAST[place % len(_LAST)]


def _cyrillic_name(number: int) -> str:
    first, rest = number % len(_CYRILLIC_FIRST), number // len(_CYRILLIC_FIRST)
    last, rest = rest % len(_CYRILLIC_LAST), rest // len(_CYRILLIC_LAST)
    stem = _CYRILLIC_FIRST[first] + _CYRILLIC_LAST[last]
    return f"{_CYRILLIC_WORKS[rest % len(_CYRILLIC_WORKS)]} «{stem}-{rest + 1}»"


def _arabic_name(number: int) -> str:
    word, rest = number % len(_ARABIC_WORDS), number // len(_ARABIC_WORDS)
    return f"{_ARABIC_WORKS[rest % len(_ARABIC_WORKS)]} {_ARABIC_WORDS[word]} {rest + 1}"


def office_name(number: int) -> str:
    """Return the name of customer ``number``: an office of an invented place."""
    return f"{_stem(number * 24 + 5_000)} {_OFFICES[number % len(_OFFICES)]}"


def local_name(number: int) -> str:
    """Return the name of a partner in a customer's country."""
    return f"{_stem(number * 24 + 17_000)} Industries"


def former_supplier_name(rng: random.Random) -> str:
    """Return the name of a supplier of old."""
    return f"{pick(rng, _FIRST)}{pick(rng, _LAST)} {('Systems', 'Dynamics', 'Group')[below(rng, 3)]}"
