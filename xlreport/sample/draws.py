"""Choices made of ``random()`` alone, so that a seed gives the same choices in every version of Python."""

import random
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

__all__ = ["Weighted", "below", "chance", "mixed", "pick", "stream"]

T = TypeVar("T")


def stream(seed: int, number: int) -> random.Random:
    """Return the source of chance for one part of the sample, independent of the other parts."""
    return random.Random(seed * 1000 + number)  # noqa: S311  # invented data, not secrets


def below(rng: random.Random, limit: int) -> int:
    """Return a whole number from 0 to ``limit - 1``."""
    return int(rng.random() * limit)


def chance(rng: random.Random, percent: int) -> bool:
    """Return True in ``percent`` of 100 cases."""
    return rng.random() * 100 < percent


def pick(rng: random.Random, items: Sequence[T]) -> T:
    """Return one of ``items``, each as likely as the others."""
    return items[below(rng, len(items))]


def mixed(rng: random.Random, items: Iterable[T]) -> list[T]:
    """Return ``items`` in another order."""
    found = list(items)
    for last in range(len(found) - 1, 0, -1):
        other = below(rng, last + 1)
        found[last], found[other] = found[other], found[last]
    return found


class Weighted(Generic[T]):
    """Items of which some are likelier than others."""

    def __init__(self, items: Sequence[T], weights: Iterable[int]) -> None:
        """Give each of ``items`` its weight, a whole number above zero."""
        self._items = items
        self._bounds = list(accumulate(weights))

    def pick(self, rng: random.Random) -> T:
        """Return one of the items."""
        return self._items[bisect_right(self._bounds, below(rng, self._bounds[-1]))]
