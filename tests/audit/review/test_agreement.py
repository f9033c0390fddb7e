"""Agreement beside a kept statistics library, on drawn readings and on the cases where kappa misleads."""

from __future__ import annotations

import random
import warnings

import numpy as np
import pytest

from audit.agreement import agreement, cohen_kappa, fleiss_kappa, prevalence_adjusted, wilson
from audit.review import Opinion

WORDS = [word.value for word in Opinion]


def readings(n: int, readers: int, agree: float, seed: int) -> list[tuple[str, ...]]:
    """What `readers` say of `n` records: the record's own word with a chance of `agree`, else any."""
    draw = random.Random(seed)
    right = draw.choices(WORDS, [12, 4, 3, 2, 1], k=n)
    return [tuple(word if draw.random() < agree else draw.choice(WORDS) for _ in range(readers)) for word in right]


@pytest.mark.requirement("N8")
def test_the_same_as_statsmodels() -> None:
    """Cohen's kappa with its interval, Fleiss' and the free-marginal kappa, which the prevalence-adjusted one is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa
        from statsmodels.stats.inter_rater import fleiss_kappa as theirs
    for seed in range(12):
        pairs = readings(10 + 15 * seed, 2, 0.2 + 0.06 * seed, seed)
        table = np.zeros((len(WORDS), len(WORDS)))
        for one, other in pairs:
            table[WORDS.index(one), WORDS.index(other)] += 1
        known = cohens_kappa(table)
        ours = cohen_kappa([(one, other) for one, other in pairs])
        assert ours is not None and ours.low is not None and ours.high is not None
        limits = np.clip([known.kappa_low, known.kappa_upp], -1, 1)
        assert np.allclose([ours.value, ours.low, ours.high], [known.kappa, *limits])
        many = readings(10 + 15 * seed, 2 + seed % 4, 0.2 + 0.06 * seed, seed)
        coded = np.array([[WORDS.index(word) for word in each] for each in many])
        rows, _ = aggregate_raters(coded, n_cat=len(WORDS))
        fleiss = fleiss_kappa(many)
        assert fleiss is not None and np.isclose(fleiss.value, theirs(rows))
        assert np.isclose(prevalence_adjusted(many, len(WORDS)).value, theirs(rows, method="randolph"))


def test_the_interval_of_fleiss_kappa_is_that_of_the_jackknife() -> None:
    """Leaving out each record once gives the same spread by another way; records with unequal readers too."""
    for unequal in (False, True):
        many = [each[: 2 + k % 3] if unequal else each for k, each in enumerate(readings(120, 4, 0.6, 7))]
        whole = fleiss_kappa(many)
        assert whole is not None and whole.low is not None
        left = [fleiss_kappa(many[:k] + many[k + 1 :]) for k in range(len(many))]
        values = np.array([each.value for each in left if each])
        error = np.sqrt((len(values) - 1) / len(values) * np.sum((values - values.mean()) ** 2))
        assert abs((whole.value - whole.low) / 1.96 - error) < 0.05 * error


def test_what_kappa_hides_stands_beside_it() -> None:
    """38 of 40 agree, nearly all 'met': kappa is about nothing, and the other figures say why."""
    pairs = [("met", "met")] * 38 + [("met", "not_met"), ("not_met", "met")]
    found = agreement(pairs, 2, pairs)
    assert found.observed is not None and found.observed.value == 0.95
    assert found.cohen is not None and found.cohen.value < 0
    assert found.prevalence_adjusted is not None and found.prevalence_adjusted.value == pytest.approx(0.9)
    assert found.words == (("met", 78), ("not_met", 2))
    same = agreement([("met", "met")] * 5, 5, [("met", "met")] * 5)
    assert same.cohen is None is same.fleiss and "not defined" in same.why
    assert same.observed is not None and same.observed.low is not None and same.observed.low < 0.6
    perfect = cohen_kappa([("met", "met"), ("not_met", "not_met")])
    assert perfect is not None and perfect.value == 1 and perfect.low is None, "no spread is no certainty"
    assert agreement([("met",)], 5).records == 0
    assert "change" in agreement([("met", "partial"), ("met", "met")], 5, None).why


def test_wilson_is_the_published_interval() -> None:
    """Newcombe, Stat. Med. 17, 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    published = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (hits, n), limits in published.items():
        found = wilson(hits, n)
        assert (found.low, found.high) == pytest.approx(limits, abs=5e-5)
