"""What this workplace is set to: `settings.json` in the user's configuration folder, or in $SONOFILL_CONFIG. No Qt.

    {"foot_switch": {"port": "/dev/ttyUSB0", "protocol": "lines", "baud": 9600},
     "network_devices": ["igtl://192.168.1.10:18944"],
     "trail_collector": {"host": "logs.clinic.example", "trusted": "/…/authority.crt", "certificate": "/…/room1.crt",
                         "key": "/…/room1.key"}}

A file is read strictly: a word that is not known is said and not passed over, because a foot switch that does nothing is
noticed only when it is needed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from devices.errors import DeviceNotFound
from devices.igtl import parse_address

PedalKind = Literal["lines", "digits", "letters", "toggle", "pulse", "contact"]


class SettingsUnreadable(ValueError):
    """The file of settings is no such file; the message is for the user."""


class FootSwitchSettings(BaseModel):
    """Where the foot switch is, and what it says: a protocol of `devices.pedal_protocols`, or 'contact'."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    port: Annotated[str, Field(min_length=1)]
    protocol: PedalKind = "lines"
    baud: Annotated[int, Field(ge=300, le=921600)] = 9600


class CollectorSettings(BaseModel):
    """Where the audit trail goes: a syslog collector that speaks TLS (RFC 5425), certificates on both sides (PEM)."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] = 6514
    trusted: Annotated[str, Field(min_length=1)]
    certificate: Annotated[str, Field(min_length=1)]
    key: Annotated[str, Field(min_length=1)]
    any_name: bool = False


def _address(text: str) -> str:
    try:
        return str(parse_address(text))
    except DeviceNotFound as error:
        raise ValueError(str(error)) from error


class Settings(BaseModel):
    """All settings of one workplace. What is not told is None."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    foot_switch: FootSwitchSettings | None = None
    #: How long a patient's studies are kept after the last of them; None: nobody said.
    retention_years: Annotated[int, Field(ge=0, le=200)] | None = None
    network_devices: tuple[Annotated[str, AfterValidator(_address)], ...] = ()
    trail_collector: CollectorSettings | None = None
    #: Where sign-in is set up: after so many minutes without a touch the window asks who is there.
    idle_lock_minutes: Annotated[int, Field(ge=1, le=240)] = 10


def settings_path() -> Path:
    """Where the settings are: $SONOFILL_CONFIG/settings.json, or the same in the system's place for configuration."""
    named = os.environ.get("SONOFILL_CONFIG")
    folder = Path(named) if named else Path(platformdirs.user_config_dir("sonofill", appauthor=False))
    return folder / "settings.json"


def load_settings(path: Path) -> Settings:
    """The settings in this file; the defaults where there is none. Raises SettingsUnreadable."""
    try:
        return Settings.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise SettingsUnreadable(f"The settings in {path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsUnreadable(
            f"The settings in {path} are not used, mend the file: {where + ': ' if where else ''}{first['msg']}."
        ) from error
