"""A language made on the fly: every text that is looked up comes back in brackets and with accents.

Whatever stands in a workbook in plain letters, and is not the data's, was never looked up.
"""

import gettext
from collections.abc import Sequence
from decimal import Decimal

from xlreport.language import EnglishForms, Language, Said

_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED = "áƀćďéƒğĥíĵķĺḿńóƥɋŕşţúṽŵẋýžÁƁĆĎÉƑĞĤÍĴĶĹḾŃÓƤɊŔŞŢÚṼŴẊÝŽ"
_TABLE = str.maketrans(_PLAIN, _ACCENTED)


def accented(text: str) -> str:
    """Return a text in brackets with accents on its letters; what stands in braces stays as it is."""
    parts = []
    for position, part in enumerate(text.replace("{", "\0{").replace("}", "}\0").split("\0")):
        parts.append(part if position % 2 else part.translate(_TABLE))
    return f"⟦{''.join(parts)}⟧"


class _Accents(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return accented(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return accented(msgid1 if n == 1 else msgid2)


class _Forms(EnglishForms):
    def listed(self, names: Sequence[str]) -> str:
        return " ⟦+⟧ ".join(names)

    def either(self, names: Sequence[str]) -> str:
        return " ⟦|⟧ ".join(names)

    def money(self, value: Decimal, _currency: str) -> Said:
        return Said(f"⟦{value:.0f}⟧", value)


PSEUDO = Language("xx-pseudo", _Accents(), _Forms())
