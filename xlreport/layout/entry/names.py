"""The defined names of a form: columns that formulas of other sheets look at, and lists to choose from.

With a name a formula is short enough for a data validation, and says what it means.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from xlreport.cells import Range
from xlreport.language import excel_literal
from xlreport.layout.entry.sheets import FormSheet

__all__ = ["Names"]

_NO_WORD: Final = re.compile(r"\W+", re.ASCII)
_MOST: Final = 60


@dataclass(slots=True)
class Names:
    """Defined names in the making, each made when it is first asked for."""

    found: dict[str, str] = field(default_factory=dict)
    """Name -> reference."""
    _known: dict[tuple[str, str, int], str] = field(default_factory=dict)

    def column(self, sheet: FormSheet, number: int) -> str:
        """Return the name of the cells of a column that are to be filled in."""
        return self._name("", sheet, number, sheet.range(number).on(sheet.name))

    def choice(self, sheet: FormSheet, number: int) -> str:
        """Return the name of the cells of a column that are filled in, which grows with them.

        It ends at the last one that is not empty, so that a line left out does not cut the list short.
        """
        cells = sheet.range(number).on(sheet.name)
        first = Range.at(sheet.first_row, number).on(sheet.name)
        last = f'SUMPRODUCT(MAX(({cells}<>"")*(ROW({cells})-{sheet.first_row - 1})))'
        return self._name("Choice", sheet, number, f"{first}:INDEX({cells},MAX(1,{last}))")

    def fixed(self, name: str, reference: str) -> str:
        """Return a name like ``name`` for cells that do not change, such as a list of codes."""
        return self._free(name, reference)

    def text(self, name: str, text: str) -> str:
        """Return a name for a text that formulas repeat."""
        reference = excel_literal(text)
        if self.found.get(name) != reference:
            return self._free(name, reference)
        return name

    def _name(self, kind: str, sheet: FormSheet, number: int, reference: str) -> str:
        key = kind, sheet.name, number
        if key not in self._known:
            column = sheet.columns[number - 1]
            array = f"{sheet.array}_of_" if column.is_key else ""
            self._known[key] = self._free(f"{kind}_{sheet.resource}_{array}{column.path}", reference)
        return self._known[key]

    def _free(self, wanted: str, reference: str) -> str:
        """Note the reference under a name that is not taken; Excel does not tell capitals from others."""
        wanted = _NO_WORD.sub("_", wanted).strip("_")[:_MOST]
        wanted = wanted if wanted[:1].isalpha() else f"_{wanted}"
        taken = {name.casefold() for name in self.found}
        name, number = wanted, 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted}_{number}"
        self.found[name] = reference
        return name
