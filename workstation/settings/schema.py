"""The JSON schema of `settings.json`, as docs/reference publishes it.

`python -m workstation.settings.schema > docs/reference/settings.schema.json` makes it.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from workstation.settings.model import Settings


def settings_schema() -> dict[str, Any]:
    """The schema as JSON Schema 2020-12 has it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Settings.model_json_schema(),
        "title": "sonofill settings.json",
    }


if __name__ == "__main__":
    json.dump(settings_schema(), sys.stdout, indent=1)
    sys.stdout.write("\n")
