"""The soak's slope and its interval, beside those of another library."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.window_soak import Sample, blocks, slope_per_h


@pytest.mark.parametrize("count", [8, 40])
def test_the_slope_and_its_interval_are_those_of_statsmodels(count: int) -> None:
    from statsmodels.api import OLS, add_constant

    rng = np.random.default_rng(count)
    at_s = np.arange(count) * 60.0
    memory = 300 + 12 * at_s / 3600 + rng.normal(0, 2, count)
    theirs = OLS(memory, add_constant(at_s / 3600)).fit()
    low, high = theirs.conf_int()[1]
    ours = slope_per_h(list(at_s), list(memory))
    assert ours[0] == pytest.approx(theirs.params[1])
    near = 0.02 * (high - low)
    assert ours[1] == pytest.approx(low, abs=near) and ours[2] == pytest.approx(high, abs=near)


def test_warming_up_is_left_out_and_neighbours_are_one_value() -> None:
    samples = [Sample(10.0 * n, 500.0 if n < 12 else 300.0, 9, 9) for n in range(61)]
    at_s, memory = blocks(samples)
    assert set(memory) == {300.0} and len(at_s) == 9
    with pytest.raises(ValueError, match="eight"):
        slope_per_h([1, 2, 3], [1, 2, 3])
