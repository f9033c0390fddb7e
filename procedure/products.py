"""Products: what goes into the patient, with its lot, its expiry and how it flows (S31; clinical reference 1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from procedure.record import Record


class Material(StrEnum):
    """Filler materials; 'unknown' is always offered (1.5)."""

    HA = "ha"
    CAHA = "caha"
    PLLA = "plla"
    PCL = "pcl"
    PMMA = "pmma"
    SILICONE = "silicone"
    PAAG = "paag"
    FAT = "fat"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rheology(Record):
    """How a filler flows, as one source gives it. Two sources are never put beside each other: set-ups differ (1.5)."""

    source: str
    g_prime_pa: float | None = None
    g_double_prime_pa: float | None = None
    tan_delta: float | None = None
    cohesivity: str = ""
    test_hz: float | None = None
    test_temperature_c: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Record):
    """One pack: a syringe of filler or a vial. `product_id` is how this record speaks of it.

    `udi` is the code as scanned, GTIN and serial as read from it (`procedure.gs1`).
    """

    product_id: str
    brand: str
    maker: str = ""
    material: Material = Material.UNKNOWN
    lot: str = ""
    expiry: date | None = None
    gtin: str = ""
    serial: str = ""
    udi: str = ""
    pack_volume_ml: float | None = None
    ha_mg_ml: float | None = None
    lidocaine_mg_ml: float | None = None
    crosslinker: str = ""
    rheology: Rheology | None = None
