"""Which of the simulator's scenarios show what."""

from __future__ import annotations

import functools


@functools.cache
def named(*endings: str) -> tuple[str, ...]:
    """The scenarios whose name begins with 'map-' and ends with one of these ('-b', '-colour', '-power', '-spectral')."""
    from mock_devices import simulation_scenarios

    return tuple(
        s["name"] for s in simulation_scenarios() if s["name"].startswith("map-") and s["name"].endswith(endings)
    )


@functools.cache
def styles(*, open_only: bool = False) -> tuple[int, ...]:
    """Every screen style; or only those that whoever writes imaging may look at."""
    from mock_devices.screens import OPEN_STYLES, STYLES

    return tuple(OPEN_STYLES if open_only else STYLES)
