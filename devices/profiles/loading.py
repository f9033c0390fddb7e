"""Profiles from their files."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from devices.profiles.profile import AnySize, OneSize, ScreenProfile

_FOLDER: Final = Path(__file__).parent


class ProfileError(ValueError):
    """A profile that is not there or that says something impossible; the message names the file and the key."""


def names() -> list[str]:
    """The profiles that come with the program."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


@functools.cache
def load(name: str) -> ScreenProfile:
    """The profile of this name that comes with the program. Raises ProfileError."""
    if name not in names():
        raise ProfileError(f"There is no screen profile {name!r}; there is {', '.join(names())}.")
    return read(_FOLDER / f"{name}.toml")


def read(path: Path) -> ScreenProfile:
    """The profile in this file. Raises ProfileError."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ProfileError(f"The screen profile {path.name} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"The screen profile {path.name} is not TOML: {error}.") from error
    try:
        return ScreenProfile.model_validate({**content, **_screens(content)})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "(the whole file)"
        raise ProfileError(f"The screen profile {path.name}, key {key}: {first['msg']}.") from error


def _screens(content: dict[str, Any]) -> dict[str, tuple[AnySize | OneSize, ...]]:
    """The screens, each by the model that its keys mean, so that an error names the key and not two alternatives."""
    screens = content.get("screen")
    if not isinstance(screens, list) or not all(isinstance(screen, dict) for screen in screens):
        return {}
    made: list[AnySize | OneSize] = []
    for number, screen in enumerate(screens):
        kind = OneSize if "width" in screen or "height" in screen or "mm_per_pixel" in screen else AnySize
        # TOML has arrays alone, where the models are strict about tuples.
        plain = {key: tuple(value) if isinstance(value, list) else value for key, value in screen.items()}
        try:
            made.append(kind.model_validate(plain))
        except ValidationError as error:
            details = [
                {
                    "type": detail["type"],
                    "loc": ("screen", number, *detail["loc"]),
                    "input": detail["input"],
                    "ctx": detail.get("ctx", {}),
                }
                for detail in error.errors()
            ]
            raise ValidationError.from_exception_data("ScreenProfile", details) from error  # type: ignore[arg-type]
    return {"screen": tuple(made)}
