"""Compiles the translations: `python -m workstation.languages.compile`. Needs Qt's lrelease (Debian: qttools5-dev-tools)."""

from __future__ import annotations

import shutil
import subprocess
import sys

from workstation.languages import FOLDER


def main() -> int:
    """Each .ts beside this file to its .qm; 1 where that cannot be."""
    program = shutil.which("lrelease") or shutil.which("lrelease-qt5")
    if program is None:
        sys.stderr.write("lrelease is missing: sudo apt-get install --no-install-recommends qttools5-dev-tools\n")
        return 1
    return max(subprocess.run([program, str(source)], check=False).returncode for source in FOLDER.glob("*.ts"))


if __name__ == "__main__":
    sys.exit(main())
