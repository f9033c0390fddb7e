"""A camera's own settings: brightness, focus, power-line frequency and so on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from linuxpy.video import device as v4l2

from devices.errors import FormatNotSupported

_SIMPLE = (
    v4l2.ControlType.INTEGER,
    v4l2.ControlType.BOOLEAN,
    v4l2.ControlType.MENU,
    v4l2.ControlType.INTEGER_MENU,
    v4l2.ControlType.INTEGER64,
)


@dataclass(frozen=True, slots=True)
class CameraControl:
    """One setting as the driver states it; `menu` names the values of a menu, `writable` is false while locked."""

    name: str  #: such as 'brightness' or 'power_line_frequency'
    title: str
    value: int
    minimum: int
    maximum: int
    step: int
    default: int
    writable: bool
    menu: dict[int, str] = field(default_factory=dict)


def list_controls(device: Any) -> list[CameraControl]:
    """The settings of an open node that are numbers, switches or menus. Raises OSError."""
    controls = []
    for control in v4l2.Controls(device).values():
        if control.type not in _SIMPLE or control.is_flagged_disabled or control.is_flagged_write_only:
            continue
        try:
            value = int(v4l2.get_control(device, control.id))
        except OSError:  # a setting that a camera lists and does not answer for: leave it out, as v4l2-ctl does
            continue
        menu = getattr(control, "data", None) or {}
        controls.append(
            CameraControl(
                name=str(control.config_name),
                title=str(control.name),
                value=value,
                minimum=int(control.minimum),
                maximum=int(control.maximum),
                step=int(control.step),
                default=int(control._info.default_value),
                writable=bool(control.is_writeable),
                menu={int(key): str(name) for key, name in menu.items()},
            )
        )
    return controls


def set_control(device: Any, name: str, value: int) -> int:
    """Set one setting and say what the camera made of it. Raises FormatNotSupported (no such setting or value), OSError."""
    controls = {str(each.config_name): each for each in v4l2.Controls(device).values() if each.type in _SIMPLE}
    control = controls.get(name)
    if control is None:
        raise FormatNotSupported(f"The camera has no setting {name!r}; it has {', '.join(sorted(controls)) or 'none'}.")
    if not control.minimum <= value <= control.maximum:
        raise FormatNotSupported(
            f"The setting {name!r} goes from {control.minimum} to {control.maximum}; {value} is outside."
        )
    v4l2.set_control(device, control.id, value)
    return int(v4l2.get_control(device, control.id))
