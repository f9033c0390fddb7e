"""Labels as shapes, letters and areas, the same in reports, presentation states, segmentations and burned-in copies.

graphics     shapes as the standard's graphics            captioned, lettering    captions: their places and their letters
masks        shapes as pixels                             segments                which areas the labels of a frame are
colours      recommended display colours
"""
