"""What runs inside the guest, by the same Python: `run.py` runs the scenarios, `lab.py` is what they have.

A scenario is a function without arguments in a file `scenario_*.py`, marked with `@scenario`; what it returns (a dict that
JSON can hold) comes back to the tests on the host, which assert on it. Each runs in its own process, with a time limit,
and the virtual USB ports are emptied after it.
"""
