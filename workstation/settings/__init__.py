"""Settings of one workplace: a file with a schema, and the dialogue that writes it.

    model     what can be set, read strictly from `settings.json` and written back
    places    in which line of the file something is wrong
    schema    the published JSON schema (`python -m workstation.settings.schema`)
    form      the dialogue's rows; it alone has Qt
    dialog    the dialogue

The file is the truth: the dialogue shows it and writes it, and what it writes can be mended by hand.
"""

from workstation.settings.model import (
    ACTIONS,
    Action,
    CollectorSettings,
    FootSwitchSettings,
    Person,
    PressSettings,
    Settings,
    SettingsUnreadable,
    SpoolSettings,
    load_settings,
    save_settings,
    settings_path,
)

__all__ = [
    "ACTIONS",
    "Action",
    "CollectorSettings",
    "FootSwitchSettings",
    "Person",
    "PressSettings",
    "Settings",
    "SettingsUnreadable",
    "SpoolSettings",
    "load_settings",
    "save_settings",
    "settings_path",
]
