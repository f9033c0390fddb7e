"""A simulated face: the regions as numbers with their sources, and one patient's site drawn from them by a seed."""

from mock_devices.face.draw import draw_site
from mock_devices.face.reference import Region, region, regions
from mock_devices.face.site import BoundaryShape, Layer, OldFiller, Site, Vessel

__all__ = ["BoundaryShape", "Layer", "OldFiller", "Region", "Site", "Vessel", "draw_site", "region", "regions"]
