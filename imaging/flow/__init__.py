"""Colour and power Doppler on any maker's screen, from its pixels.

    findings = analyse(pictures, fps, TextReader())      # a file: kind, layout, frames, vessels
    watch = FlowWatch(TextReader()); watch.look(bgr)     # a stream: a few milliseconds a frame

The colour bar says which colours are flow and what they mean (`find_bars`); the colour box, where they may be (`find_box`);
the numbers at the bar, how fast they are (`read_bar_text`). `find_layout` puts them together, or finds no Doppler. All is
a suggestion for a person to confirm, and no flow seen is never 'no vessel': see `NO_SIGNAL`.
"""

from imaging.flow.bar import ColourBar, find_bars
from imaging.flow.clip import NO_SIGNAL, DopplerFindings, FrameFlow, analyse
from imaging.flow.layout import DopplerLayout, find_layout
from imaging.flow.limits import BarText, read_bar_text
from imaging.flow.outline import ColourBox, find_box
from imaging.flow.pulse import FlowVessel, classify
from imaging.flow.regions import FlowRegion
from imaging.flow.watch import FlowFrame, FlowWatch, flow_on

__all__ = [
    "NO_SIGNAL",
    "BarText",
    "ColourBar",
    "ColourBox",
    "DopplerFindings",
    "DopplerLayout",
    "FlowFrame",
    "FlowRegion",
    "FlowVessel",
    "FlowWatch",
    "FrameFlow",
    "analyse",
    "classify",
    "find_bars",
    "find_box",
    "find_layout",
    "flow_on",
    "read_bar_text",
]
