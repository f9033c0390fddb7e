"""What a pack's code changes in a product, and what has to be asked before it does. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from procedure import telling
from procedure.gs1 import product_from

_READ: Final = ("gtin", "lot", "expiry", "serial", "udi")


@dataclass(frozen=True, slots=True)
class Filling:
    """The fields that the code tells, what it says in words, and what is asked before they are taken (empty: nothing)."""

    values: Mapping[str, Any]
    told: str
    question: str


def filling(code: str, before: Mapping[str, Any], *, today: date) -> Filling:
    """What `code` does to a product whose fields say `before` (a blank is None or empty).

    A pack that has expired is asked about, never refused; so is a code that says something else than what stands there.
    Raises NotGs1.
    """
    read = product_from(code, "read", "read", today=today)
    values = {name: value for name in _READ if (value := getattr(read, name))}
    asks = []
    if read.expiry is not None and read.expiry < today:
        asks.append(f"This pack expired on {read.expiry:%Y-%m-%d}.")
    for name, value in values.items():
        if name != "udi" and before.get(name) and before[name] != value:
            asks.append(f"{telling.label(name).capitalize()} is {value} by the code; so far it was {before[name]}.")
    told = ", ".join(f"{telling.label(name)} {value}" for name, value in values.items() if name != "udi")
    return Filling(values, f"Read off the pack: {told}.", " ".join([*asks, "Enter it all the same?"]) if asks else "")
