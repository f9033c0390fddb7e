"""Devices: turn a piece of hardware into frames with true times and honest gaps.

This room knows nothing of files, patients or Qt.
"""
