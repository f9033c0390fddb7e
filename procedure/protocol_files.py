"""Reading protocol files: each rule that a file breaks is one clear sentence, and nothing of a wrong file is used (S13).

A clinic's folder holds files of the same form. A file there for a region that is here replaces it; its version says so.

    schema = "sonofill-protocol/1"
    region = "chin"                       # an id of table 1.3
    name = "Chin, marionette"
    version = "1"
    source = "where the stations come from"
    reviewed_by = ""                      # the clinician who answers for the stations: name, role, day; blank: nobody yet
    layers = ["epi", "der-u", "der-l", "sfat", "musc", "perio"]
    vessels = ["ama", "ma"]
    warnings = ["…"]
    [structures]                          # further names, where the list of `procedure.words` has none
    own-gland = "own gland"
    [[station]]
    id = "chin-1"                         # the region, a hyphen, a number
    landmark = "pogonion"                 # a bony landmark
    place = "pogonion, transverse, then sagittal"
    planes = ["transverse", "sagittal"]
    look_for = ["mentalis", "perio", "ama"]
    sides = ["M"]                         # R, L, or M
    phases = ["pre", "during", "post"]
    doppler = ["colour"]                  # colour, power, spectral; [] asks for none
    stills = 1                            # in each plane; also seconds, eye_limits, light_pressure, fold_side
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, TypeVar

from annotation.vocabulary import LAYERS, REGIONS, VESSELS
from procedure.answers import Side
from procedure.errors import ProtocolWrong
from procedure.images import Mode, Plane
from procedure.phase import Phase
from procedure.protocol import Protocol, Station
from procedure.wording import banned_in
from procedure.words import BONY_LANDMARKS, structure_name

SCHEMA: Final = "sonofill-protocol/1"
_LARGEST: Final = 1_000_000  # bytes; a protocol has a few thousand
_REGIONS: Final = frozenset(term.id for term in REGIONS)
_LAYERS: Final = frozenset(term.id for term in LAYERS)
_VESSELS: Final = frozenset(term.id for term in VESSELS)
_DOPPLER: Final = (Mode.COLOUR, Mode.POWER, Mode.SPECTRAL)
_FILE_KEYS: Final = (
    "schema",
    "region",
    "name",
    "version",
    "source",
    "reviewed_by",
    "layers",
    "vessels",
    "warnings",
    "structures",
    "station",
)
_STATION_KEYS: Final = (
    "id",
    "landmark",
    "place",
    "planes",
    "look_for",
    "sides",
    "phases",
    "doppler",
    "stills",
    "seconds",
    "eye_limits",
    "light_pressure",
    "fold_side",
)
_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,15}")
_SORTS: Final[dict[type, str]] = {
    str: "a text",
    list: "a list",
    dict: "a table",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}
W = TypeVar("W", bound=StrEnum)


def built_in() -> dict[str, Protocol]:
    """The protocols of this program by region, in the order of table 1.3."""
    return {protocol.region: protocol for protocol in _built_in()}


@cache
def _built_in() -> tuple[Protocol, ...]:
    folder = files("procedure").joinpath("protocols")
    return tuple(parse(folder.joinpath(f"{region.id}.toml").read_text("utf-8"), region.id) for region in REGIONS)


def protocols(folder: Path | None = None) -> dict[str, Protocol]:
    """The protocols by region; files of a clinic's `folder` stand in place of ours. Raises ProtocolWrong."""
    found = built_in()
    if folder is None:
        return found
    if not folder.is_dir():
        raise ProtocolWrong(f"{folder} is no folder: name the folder of the clinic's protocols.")
    own: dict[str, Path] = {}
    for path in sorted(folder.glob("*.toml")):
        protocol = read_protocol(path)
        if protocol.region in own:
            raise ProtocolWrong(
                f"{path}: {own[protocol.region].name} is a protocol of the region {protocol.region!r} too: keep one."
            )
        own[protocol.region] = path
        found[protocol.region] = protocol
    return found


def read_protocol(path: Path) -> Protocol:
    """The protocol of a file. Raises ProtocolWrong with the file, the place and the rule."""
    try:
        if path.is_file() and path.stat().st_size > _LARGEST:
            raise ProtocolWrong(f"{path} is larger than {_LARGEST} bytes: it is no protocol.")
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ProtocolWrong(f"{path} cannot be read: {reason}.") from error
    return parse(text, str(path))


def parse(text: str, where: str) -> Protocol:
    """The protocol of a file's text; `where` names it in errors. Raises ProtocolWrong."""
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProtocolWrong(f"{where} is not TOML: {error}.") from error
    table = _Table(content, where)
    if content.get("schema") != SCHEMA:
        raise table.wrong("schema", f"it is not {SCHEMA!r}")
    table.allow(_FILE_KEYS)
    region = table.word("region", _REGIONS)
    structures = table.names("structures")
    vessels = table.words("vessels", _VESSELS)
    stations = table.take("station", list, [])
    if not stations:
        raise ProtocolWrong(f"{where}: it has no station: add a [[station]].")
    read: list[Station] = []
    for number, entry in enumerate(stations, 1):
        if not isinstance(entry, dict):
            raise ProtocolWrong(f"{where}: station {number} is not a table.")
        station = _station(_Table(entry, f"{where}: station {entry.get('id', number)}"), region, structures)
        if any(earlier.id == station.id for earlier in read):
            raise ProtocolWrong(f"{where}: station {station.id} stands there twice: give each its own id.")
        read.append(station)
    unseen = [vessel for vessel in vessels if not any(vessel in station.look_for for station in read)]
    if unseen:
        raise ProtocolWrong(f"{where}: no station looks for {', '.join(unseen)}: add it to a station's look_for.")
    warnings = tuple(table.text_of("warnings", item) for item in table.take("warnings", list, []))
    return Protocol(
        region=region,
        name=table.text("name"),
        version=table.text("version"),
        source=table.text("source"),
        layers=table.words("layers", _LAYERS),
        vessels=vessels,
        stations=tuple(read),
        warnings=warnings,
        structures=structures,
        reviewed_by=table.text("reviewed_by") if table.take("reviewed_by", str, "") else "",
    )


def _station(table: _Table, region: str, structures: Mapping[str, str]) -> Station:
    table.allow(_STATION_KEYS)
    station_id = table.text("id")
    if not re.fullmatch(rf"{region}-[1-9][0-9]?", station_id):
        raise table.wrong("id", f"it is not {region!r}, a hyphen and a number")
    look_for = table.words("look_for", None)
    for structure in look_for:
        if structure_name(structure) is None and structure not in structures:
            raise table.wrong(
                "look_for", f"nothing is known as {structure!r}: use a known id, or name it under [structures]"
            )
    stills, seconds = table.take("stills", int, 1), table.take("seconds", float, 0.0)
    if not 0 <= stills <= 20 or not 0 <= seconds <= 600:
        raise table.wrong("stills", "stills are 0 to 20, seconds 0 to 600")
    if stills == 0 and seconds == 0:
        raise table.wrong("stills", "the station keeps neither a still nor seconds of a clip")
    return Station(
        id=station_id,
        landmark=table.word("landmark", BONY_LANDMARKS),
        place=table.text("place"),
        planes=table.enums("planes", Plane),
        look_for=look_for,
        sides=table.enums("sides", Side),
        phases=table.enums("phases", Phase),
        doppler=table.enums("doppler", Mode, _DOPPLER, empty=True),
        stills=stills,
        seconds=float(seconds),
        eye_limits=table.take("eye_limits", bool, False),
        light_pressure=table.take("light_pressure", bool, False),
        fold_side=table.take("fold_side", bool, False),
    )


class _Table:
    """One table of the file, with the sentence that says what is wrong in it."""

    def __init__(self, content: dict[str, Any], where: str) -> None:
        self._content = content
        self._where = where

    def wrong(self, key: str, what: str) -> ProtocolWrong:
        return ProtocolWrong(f"{self._where}, {key}: {what}.")

    def allow(self, keys: Iterable[str]) -> None:
        known = tuple(keys)
        for key in self._content:
            if key not in known:
                raise self.wrong(key, f"no such key is known here; there are {', '.join(known)}")

    def take(self, key: str, sort: type, default: Any = None) -> Any:
        value = self._content.get(key, default)
        if value is None:
            raise self.wrong(key, "it is missing")
        allowed = (int, float) if sort is float else (sort,)
        if not isinstance(value, allowed) or (isinstance(value, bool) and sort is not bool):
            raise self.wrong(key, f"it is not {_SORTS[sort]}")
        return value

    def text(self, key: str) -> str:
        return self.text_of(key, self.take(key, str))

    def text_of(self, key: str, text: object) -> str:
        if not isinstance(text, str) or not text.strip() or text != text.strip() or not text.isprintable():
            raise self.wrong(key, "it is not one line of text without spaces at its ends")
        for phrase, instead in banned_in(text):
            raise self.wrong(key, f"the phrase {phrase!r} may not stand there ({instead})")
        return text

    def word(self, key: str, known: Iterable[str]) -> str:
        word = self.text(key)
        if word not in known:
            raise self.wrong(key, f"{word!r} is none of {', '.join(sorted(known))}")
        return word

    def words(self, key: str, known: Iterable[str] | None, *, empty: bool = False) -> tuple[str, ...]:
        """A list of words without repetition, each of `known` (anything, where None)."""
        listed = self.take(key, list, [] if empty else None)
        if not listed and not empty:
            raise self.wrong(key, "it is empty")
        for word in listed:
            if not isinstance(word, str):
                raise self.wrong(key, "it is not a list of texts")
            if known is not None and word not in known:
                raise self.wrong(key, f"{word!r} is none of {', '.join(sorted(known))}")
        if len(set(listed)) != len(listed):
            raise self.wrong(key, "a word stands there twice")
        return tuple(listed)

    def enums(self, key: str, kind: type[W], among: Iterable[W] | None = None, *, empty: bool = False) -> tuple[W, ...]:
        known = {str(word) for word in (kind if among is None else among)}
        return tuple(kind(word) for word in self.words(key, known, empty=empty))

    def names(self, key: str) -> dict[str, str]:
        """Further structures: id to name. Raises ProtocolWrong where an id is no id or is taken."""
        named: dict[str, str] = {}
        for word, name in self.take(key, dict, {}).items():
            if not _ID.fullmatch(word):
                raise self.wrong(key, f"{word!r} is no id: small letters, digits and hyphens, at most 16")
            if structure_name(word) is not None:
                raise self.wrong(key, f"{word!r} is known already: choose another id")
            named[word] = self.text_of(key, name)
        return named
