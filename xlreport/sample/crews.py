"""Choose who contributes to which contract, so that all enterprises do and the register grows by new ones."""

import random
from dataclasses import dataclass, field

from xlreport.sample.draws import below, chance
from xlreport.sample.markets import YEARS
from xlreport.sample.outline import Outline, Sums
from xlreport.sample.partners import Roster

__all__ = ["Crews"]

_KNOWN_BY = {2012: 50, 2013: 66, 2014: 76, 2015: 84, 2016: 91, 2017: 100}
"""Percent of the enterprises that have joined by the end of each year."""


@dataclass(slots=True)
class Crews:
    """Hands out the enterprises, contract by contract in order of signing."""

    roster: Roster
    sums: Sums
    joined: int = 0
    """So many enterprises have contributed to some contract so far."""
    _called: bytearray = field(default_factory=bytearray)
    """For each of them, whether it is on a contract that is open in the last year."""
    _next: int = 0
    """All before this one have been called."""
    _seen: dict[int, int] = field(default_factory=lambda: dict.fromkeys(YEARS, 0))
    _start: dict[int, int] = field(default_factory=dict)

    def crew(self, rng: random.Random, outline: Outline) -> list[str]:
        """Return the ids of the contributors of the next contract, no one twice."""
        first = self.joined
        self._admit(outline)
        chosen = dict.fromkeys(range(first, self.joined))
        if outline.active_in_last_year:
            self._call(chosen, outline.contributors)
        former = self.roster.former if outline.long_closed else ()
        self._fill(rng, chosen, outline.contributors, len(former))
        enterprises = self.roster.enterprises
        known = len(enterprises)
        return [enterprises[one] if one < known else former[one - known] for one in chosen]

    def _admit(self, outline: Outline) -> None:
        """Let the year's new enterprises join evenly over the year's contracts."""
        year, count = outline.year, outline.contributors
        total = self.sums.contributors[year]
        target = len(self.roster.enterprises) * _KNOWN_BY[year] // 100
        wanted = min(target - self._start.setdefault(year, self.joined), total)
        before, after = self._seen[year], self._seen[year] + count
        self._seen[year] = after
        new = wanted * after // total - wanted * before // total if total else 0
        self.joined += new
        self._called.extend(bytes(new))

    def _call(self, chosen: dict[int, None], count: int) -> None:
        """Call those who are on no contract yet that is open in the last year."""
        for one in chosen:
            self._called[one] = 1
        while len(chosen) < count and self._next < self.joined:
            if not self._called[self._next]:
                chosen[self._next] = None
                self._called[self._next] = 1
            self._next += 1

    def _fill(self, rng: random.Random, chosen: dict[int, None], count: int, former: int) -> None:
        """Choose the rest by chance, those of old more often; a closed contract has former ones too."""
        known = len(self.roster.enterprises)
        for _ in range(count * 2):
            if len(chosen) >= count:
                return
            if former and chance(rng, 25):
                chosen.setdefault(known + below(rng, former))
            elif self.joined:
                part = rng.random()
                chosen.setdefault(int(part * part * self.joined))
