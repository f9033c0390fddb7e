"""Agreement between readers on one criterion: how often, and how much more often than chance would have it, with intervals.

No single figure is enough. Kappa falls when nearly all records get the same judgement, however well the readers agree, and
says nothing where all do; the prevalence-adjusted figure does not, and flatters readers who never had to tell two words
apart. So observed agreement, Cohen's, Fleiss' and the prevalence-adjusted kappa stand side by side, each for one criterion.

Cohen, Educ. Psychol. Meas. 20, 1960, with the standard error of Fleiss, Cohen and Everitt, Psychol. Bull. 72, 1969. Fleiss,
Psychol. Bull. 76, 1971, with the standard error of Gwet, Br. J. Math. Stat. Psychol. 61, 2008, which also takes records with
unequal numbers of readers. Prevalence-adjusted: Byrt, Bishop and Carlin, J. Clin. Epidemiol. 46, 1993, for any number of
words that of Brennan and Prediger, Educ. Psychol. Meas. 41, 1981. Proportions: Wilson, J. Am. Stat. Assoc. 22, 1927.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Z95: Final = 1.959963984540054
_NO_SPREAD: Final = 1e-12
Word = str
Ratings = Sequence[Sequence[Word]]  #: for each record the words that its readers said; at least two


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient and its 95 % interval, cut to what it can be; None where the records show no spread."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement on one criterion over `records`. A kappa is None where it is not defined, or not asked; `why` says it."""

    records: int
    observed: Coefficient | None
    cohen: Coefficient | None
    fleiss: Coefficient | None
    prevalence_adjusted: Coefficient | None
    words: tuple[tuple[Word, int], ...]
    why: str = ""


def agreement(ratings: Ratings, words: int, pairs: Sequence[tuple[Word, Word]] | None = None) -> Agreement:
    """The agreement of `ratings`. `words` is how many judgements a reader could choose from.

    `pairs` are the words of one and the same two readers, in the same order each time; None where the readers
    change, and Cohen's kappa is not that of two readers.
    """
    told = [tuple(each) for each in ratings if len(each) > 1]
    counts = Counter(word for each in told for word in each)
    seen = tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    if not told:
        return Agreement(0, None, None, None, None, seen, "no record was judged by two readers")
    why = ""
    if len(counts) == 1:
        why = "every reading says the same word: kappa is not defined"
    elif pairs is None:
        why = "the readers change from record to record: Cohen's kappa is that of two"
    return Agreement(
        len(told),
        _observed(told),
        cohen_kappa(pairs) if pairs is not None else None,
        fleiss_kappa(told),
        prevalence_adjusted(told, words),
        seen,
        why,
    )


def cohen_kappa(pairs: Sequence[tuple[Word, Word]]) -> Coefficient | None:
    """Cohen's kappa of two readers; None where both say one word only, and chance explains all."""
    n = len(pairs)
    if not n:
        return None
    cells = Counter(pairs)
    rows, columns = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    observed = sum(count for (a, b), count in cells.items() if a == b) / n
    chance = sum(rows[word] * columns[word] for word in rows) / n**2
    if chance == 1:
        return None
    kappa = (observed - chance) / (1 - chance)
    agreeing = sum(cells[word, word] / n * (1 - (rows[word] + columns[word]) / n * (1 - kappa)) ** 2 for word in rows)
    differing = sum(
        count / n * ((columns[a] + rows[b]) / n) ** 2 for (a, b), count in cells.items() if a != b
    ) * (1 - kappa) ** 2  # fmt: skip
    variance = (agreeing + differing - (kappa - chance * (1 - kappa)) ** 2) / ((1 - chance) ** 2 * n)
    return _with_interval(kappa, variance, n)


def fleiss_kappa(ratings: Ratings) -> Coefficient | None:
    """Fleiss' kappa of any readers, at least two a record; None where every reading says the same word."""
    n = len(ratings)
    tables = [Counter(each) for each in ratings]
    said = {word for table in tables for word in table}
    share = {word: sum(table[word] / table.total() for table in tables) / n for word in said}
    chance = sum(p * p for p in share.values())
    if chance >= 1:
        return None
    agreeing = [_pairs_agreeing(table) for table in tables]
    observed = sum(agreeing) / n
    kappa = (observed - chance) / (1 - chance)
    # Each record's part in kappa (Gwet): its agreement, and what it adds to chance.
    parts = []
    for table, agrees in zip(tables, agreeing, strict=True):
        by_chance = sum(share[word] * count / table.total() for word, count in table.items())
        parts.append((agrees - chance) / (1 - chance) - 2 * (1 - kappa) * (by_chance - chance) / (1 - chance))
    variance = sum((part - kappa) ** 2 for part in parts) / (n * (n - 1)) if n > 1 else math.nan
    return _with_interval(kappa, variance, n)


def prevalence_adjusted(ratings: Ratings, words: int) -> Coefficient:
    """(words · observed - 1) / (words - 1): for two words PABAK, 2 · observed - 1. The same for any prevalence."""
    observed = _observed(ratings)

    def scaled(share: float) -> float:
        return (words * share - 1) / (words - 1)

    low, high = (None if limit is None else scaled(limit) for limit in (observed.low, observed.high))
    return Coefficient(scaled(observed.value), low, high)


def wilson(hits: float, n: float) -> Coefficient:
    """A proportion with its Wilson interval; `n` above 0."""
    p, z2 = hits / n, Z95**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return Coefficient(p, max(0.0, middle - half), min(1.0, middle + half))


def _observed(ratings: Ratings) -> Coefficient:
    """The share of pairs of readings of one record that agree; the interval counts records, whose pairs hang together."""
    return wilson(sum(_pairs_agreeing(Counter(each)) for each in ratings), len(ratings))


def _pairs_agreeing(table: Counter[Word]) -> float:
    readers = table.total()
    return sum(count * (count - 1) for count in table.values()) / (readers * (readers - 1))


def _with_interval(kappa: float, variance: float, n: int) -> Coefficient:
    """The normal interval. Without any spread (perfect agreement, one record) there is none: it would say 'exactly'."""
    if n < 2 or not variance > _NO_SPREAD:
        return Coefficient(kappa)
    half = Z95 * math.sqrt(variance)
    return Coefficient(kappa, max(-1.0, kappa - half), min(1.0, kappa + half))
