"""The face map: where stations, vessels, planned paths and injections are on a face, drawn as SVG (S21, N5). No Qt.

One table of places in three dimensions gives every view: from the front, and obliquely from either side. The drawing is ours,
of no person; its places are schematic. A mark stands where the probe's station is, not at a measured place of this patient,
and a map says nothing of what lies between its marks (clinical reference, conflicts X5, X12).

    marks = marks_of(encounter, protocols, Phase.PRE)
    svg = map_svg(marks)                    # three views side by side; each mark bears the number of its line of words
    key = key_svg()                         # what colours and marks mean
"""

from procedure.face_map._drawing import KEY_SIZE, MAP_SIZE, key_svg, map_svg, placed_marks
from procedure.face_map._marks import DEPTHS, Mark, MarkKind, depth_class, marks_of, vessel_name
from procedure.face_map._places import VIEWS, View, place_of_landmark, place_of_region, place_of_station, projected

__all__ = [
    "DEPTHS",
    "KEY_SIZE",
    "MAP_SIZE",
    "VIEWS",
    "Mark",
    "MarkKind",
    "View",
    "depth_class",
    "key_svg",
    "map_svg",
    "marks_of",
    "place_of_landmark",
    "place_of_region",
    "place_of_station",
    "placed_marks",
    "projected",
    "vessel_name",
]
