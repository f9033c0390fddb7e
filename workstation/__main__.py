"""`python -m workstation`: the program, where there is no POSIX shell for ./run."""

from __future__ import annotations

import sys

from workstation.cli import main

if __name__ == "__main__":
    sys.exit(main())
