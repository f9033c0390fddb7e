"""`sonofill benchmark truth`: what imaging says of simulated faces, held against what they really are. No Qt.

    draw ──▶ Case (scenario, seed, style, …) ──▶ measures ──▶ Observations ──▶ rows ──▶ one table

The seeds are drawn afresh at each run; the styles include those that nobody who writes imaging may run. The workstation
is the one room that sees both the simulated body (`mock_devices`) and the measuring (`imaging`), so this stands here. A
figure on simulated faces is not a clinical figure.
"""

from workstation.benchmark.campaign import Outcome, run_campaign
from workstation.benchmark.figures import Row

__all__ = ["Outcome", "Row", "run_campaign"]
