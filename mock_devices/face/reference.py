"""The numbers of `regions.toml` as typed records; each keeps the source it came from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

Sex = Literal["female", "male"]


@dataclass(frozen=True, slots=True)
class Spread:
    """A mean with its standard deviation, and the source id of the clinical reference."""

    mean: float
    sd: float
    source: str


@dataclass(frozen=True, slots=True)
class LayerNumbers:
    """A layer: thickness in mm for each sex; None for the last, which has no lower boundary."""

    id: str
    name: str
    thickness_mm: dict[Sex, Spread] | None


@dataclass(frozen=True, slots=True)
class VesselNumbers:
    """A vessel of a region. `planes` holds (layer id, share of faces); depth is from the skin line, or up from the bone."""

    id: str
    name: str
    kind: Literal["artery", "vein"]
    depth_mm: Spread
    from_bone: bool
    planes: tuple[tuple[str, float], ...]
    diameter_mm: Spread
    psv_cm_s: tuple[float, float]
    resistance_index: float
    present: float  #: share of faces that have it


@dataclass(frozen=True, slots=True)
class Region:
    """One of the twelve regions of the clinical reference (1.3)."""

    id: str
    name: str
    landmark: str
    layers: tuple[LayerNumbers, ...]
    vessels: tuple[VesselNumbers, ...]


@lru_cache(maxsize=1)
def regions() -> dict[str, Region]:
    """All regions by id, in the order of the clinical reference."""
    text = files("mock_devices.face").joinpath("regions.toml").read_text("utf-8")
    return {key: _region(key, table) for key, table in tomllib.loads(text)["regions"].items()}


def region(region_id: str) -> Region:
    """One region. ValueError for an id that is none."""
    known = regions()
    if region_id not in known:
        raise ValueError(f"There is no region {region_id!r}; the regions are {', '.join(known)}.")
    return known[region_id]


def _region(key: str, table: dict[str, Any]) -> Region:
    layers = tuple(LayerNumbers(row["id"], row["name"], _thickness(row)) for row in table["layers"])
    vessels = tuple(_vessel(row) for row in table["vessels"])
    return Region(key, table["name"], table["landmark"], layers, vessels)


def _thickness(row: dict[str, Any]) -> dict[Sex, Spread] | None:
    if "mm" in row:
        both = Spread(row["mm"], row["sd"], row["source"])
        return {"female": both, "male": both}
    if "male" in row:
        return {"female": _of_sex(row, "female"), "male": _of_sex(row, "male")}
    return None


def _of_sex(row: dict[str, Any], sex: Sex) -> Spread:
    mean, sd = row[sex]
    return Spread(mean, sd, row["source"])


def _vessel(row: dict[str, Any]) -> VesselNumbers:
    depth, diameter, psv = row["depth"], row["diameter"], row["psv_cm_s"]
    return VesselNumbers(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        depth_mm=Spread(depth["mm"], depth["sd"], depth["source"]),
        from_bone=depth.get("from") == "bone",
        planes=tuple((plane["layer"], plane["share"]) for plane in row.get("planes", ())),
        diameter_mm=Spread(diameter["mm"], diameter["sd"], diameter["source"]),
        psv_cm_s=(psv["low"], psv["high"]),
        resistance_index=row["ri"]["value"],
        present=row.get("present", {"share": 1.0})["share"],
    )
