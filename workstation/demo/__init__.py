"""The main job without hardware: a whole encounter on a simulated face, recorded, labelled, saved and read back.

    run_demo                 `sonofill demo --headless`: everything below, and what was made
    views, recording         each picture that the story names, taken from the simulated person into the spool
    drawing                  its labels: the simulator's truth, confirmed by the operator
    pictures                 what the story says of its pictures, taken from them
    photographs              its photographs, drawn by the simulated camera
    reading_back             every object opened anew and compared
    live_labels, demo_visit  the live probe's labels and patient, for the demonstration in the window
    live_story               what that one tells of the encounter

The story itself is `procedure.demonstration`. The probe's screens and every object say that they are simulated.
"""

from workstation.demo.live_labels import demo_labels
from workstation.demo.reading_back import DemoFailed
from workstation.demo.run import DemoStudy, demo_visit, run_demo

__all__ = ["DemoFailed", "DemoStudy", "demo_labels", "demo_visit", "run_demo"]
