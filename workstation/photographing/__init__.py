"""Photographs of the face by a second camera: baseline, refill and follow-up, each in the pose of the one before.

camera    one camera, its newest picture; nothing of it is recorded. No Qt
storing   a photograph into the study in hand; the last one of the same view. No Qt
view      the camera's picture with the last pose shining through
dialog    camera, view, how much of the last pose, take; `control` is what it does
"""
