"""The face map: where stations, vessels, planned paths and injections are on a face, drawn as SVG (S21, N5). No Qt.

One table of places in three dimensions gives every view: from the front, and obliquely from either side. The drawing is ours,
of no person; its places are schematic. A mark stands where the probe's station is, not at a measured place of this patient,
and a map says nothing of what lies between its marks (clinical reference, conflicts X5, X12).

    marks = marks_of(encounter, protocols, Phase.PRE)
    svg = map_svg(marks)                    # three views side by side; each mark bears the number of its line of words
    key = key_svg()                         # what colours and marks mean
    view, at = view_at((312.0, 150.0))      # where on a view that place of the map is
    place = pointed_at(view, at)            # and where on the schematic face
"""

from procedure.face_map._drawing import KEY_SIZE, MAP_SIZE, key_svg, map_svg, placed_marks, view_at
from procedure.face_map._marks import DEPTHS, Mark, MarkKind, depth_class, marks_of, vessel_name
from procedure.face_map._nearness import NEAR_MM, NearStation, stations_near
from procedure.face_map._places import VIEWS, View, place_of_landmark, place_of_region, place_of_station, projected
from procedure.face_map._surface import on_map, pointed_at, side_of

__all__ = [
    "DEPTHS",
    "KEY_SIZE",
    "MAP_SIZE",
    "NEAR_MM",
    "VIEWS",
    "Mark",
    "MarkKind",
    "NearStation",
    "View",
    "depth_class",
    "key_svg",
    "map_svg",
    "marks_of",
    "on_map",
    "place_of_landmark",
    "place_of_region",
    "place_of_station",
    "placed_marks",
    "pointed_at",
    "projected",
    "side_of",
    "stations_near",
    "vessel_name",
    "view_at",
]
