"""What a workplace is set to: `settings.json` in the user's configuration folder, or in $SONOFILL_CONFIG. No Qt.

    {"theme": "light", "foot_switch": {"port": "/dev/ttyUSB0", "protocol": "lines"}, "presses": {"long": "freeze"},
     "trail_collector": {"host": "logs.clinic.example", "trusted": "/…/authority.crt", "certificate": "/…/room1.crt",
                         "key": "/…/room1.key"},
     "network_devices": ["igtl://192.168.1.10:18944"]}

A file is read strictly: a word that is not known is said and not passed over, because a foot switch that does nothing is
noticed only when it is needed. What is not told has its default.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final, Literal

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from annotation.autosave import write_durably
from devices.errors import DeviceNotFound
from devices.igtl.source import parse_address
from procedure.people import Role
from workstation.settings.places import line_of

PedalKind = Literal["lines", "digits", "letters", "toggle", "pulse", "contact"]
Action = Literal["still", "clip", "last", "freeze", "nothing"]

#: What a press can do, in words.
ACTIONS: Final[dict[Action, str]] = {
    "still": "take a still",
    "clip": "begin or end a clip",
    "last": "save the last seconds",
    "freeze": "freeze the picture, or let it run",
    "nothing": "nothing",
}


class SettingsUnreadable(ValueError):
    """The file of settings is no such file; the message is for the user."""


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class FootSwitchSettings(_Part):
    """Where the foot switch is, and what it says: a protocol of `devices.pedal.protocols`, or 'contact'.

    A press is long from `long_s` on; two are a double one where the second comes within `double_s` (seconds; 0: none is).
    """

    port: Annotated[str, Field(min_length=1)]
    protocol: PedalKind = "lines"
    baud: Annotated[int, Field(ge=300, le=921600)] = 9600
    long_s: Annotated[float, Field(ge=0.3, le=3.0)] = 0.8
    double_s: Annotated[float, Field(ge=0.0, le=1.0)] = 0.35


class CollectorSettings(_Part):
    """Where the audit trail goes: a syslog collector that speaks TLS (RFC 5425), certificates on both sides (PEM)."""

    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] = 6514
    trusted: Annotated[str, Field(min_length=1)]
    certificate: Annotated[str, Field(min_length=1)]
    key: Annotated[str, Field(min_length=1)]
    any_name: bool = False


class PressSettings(_Part):
    """What a press of the foot does, and so the keys F7 (short), F8 (double) and F9 (long)."""

    short: Action = "still"
    double: Action = "clip"
    long: Action = "last"


class SpoolSettings(_Part):
    """How much of what was not captured is kept on the disk, for each device: what is older, or beyond, goes."""

    minutes: Annotated[int, Field(ge=1, le=240)] = 10
    gibibytes: Annotated[int, Field(ge=1, le=1024)] = 8


class Person(_Part):
    """Somebody who works here: name, role in the encounter, registration number. No account: see docs/how-to."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    role: Annotated[Role, Field(strict=False)] = Role.OPERATOR
    registration_number: Annotated[str, Field(max_length=64)] = ""


def _address(text: str) -> str:
    try:
        return str(parse_address(text))
    except DeviceNotFound as error:
        raise ValueError(str(error)) from error


class Settings(_Part):
    """All settings of one workplace.

    `device` is the id of the device that is started with the window, empty for none; `operator` one of `people`, who works
    here unless somebody else is told on the Patient page, empty for who is logged in to the system. `idle_lock_minutes`:
    where sign-in is set up, after so long without a touch the window asks who is there. `retention_years`: how long a
    patient's studies are kept after the last of them; None: nobody said.
    """

    theme: Literal["dark", "light"] = "dark"
    language: Literal["en", "de"] = "en"
    device: str = ""
    last_s: Annotated[int, Field(ge=2, le=300)] = 20
    presses: PressSettings = PressSettings()
    foot_switch: FootSwitchSettings | None = None
    flash: bool = True
    sound: bool = False
    spool: SpoolSettings = SpoolSettings()
    people: tuple[Person, ...] = ()
    operator: str = ""
    guide_seen: bool = False
    trail_collector: CollectorSettings | None = None
    idle_lock_minutes: Annotated[int, Field(ge=1, le=240)] = 10
    retention_years: Annotated[int, Field(ge=0, le=200)] | None = None
    network_devices: tuple[Annotated[str, AfterValidator(_address)], ...] = ()

    @model_validator(mode="after")
    def _operator_is_one_of_them(self) -> Settings:
        if self.operator and self.operator not in [person.name for person in self.people]:
            raise ValueError("operator is the name of one of the people")
        return self


def settings_path() -> Path:
    """Where the settings are: $SONOFILL_CONFIG/settings.json, or the same in the system's place for configuration."""
    named = os.environ.get("SONOFILL_CONFIG")
    folder = Path(named) if named else Path(platformdirs.user_config_dir("sonofill", appauthor=False))
    return folder / "settings.json"


def load_settings(path: Path) -> Settings:
    """The settings in this file; the defaults where there is none. Raises SettingsUnreadable."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise SettingsUnreadable(f"The settings in {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SettingsUnreadable(f"The settings in {path} are not used, mend the file: it is no UTF-8 text.") from error
    try:
        return Settings.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        line = line_of(text, first["loc"])
        where = ".".join(str(part) for part in first["loc"])
        told = f"{f'line {line}: ' if line else ''}{f'{where}: ' if where else ''}{first['msg']}"
        raise SettingsUnreadable(f"The settings in {path} are not used, mend the file: {told}.") from error


def save_settings(settings: Settings, path: Path) -> None:
    """Write them; what stands at its default is left out, so that a later version's default holds. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(settings.model_dump_json(indent=2, exclude_defaults=True) + "\n", path)
