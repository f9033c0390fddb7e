"""Annotate: tools, names, plane and landmark beside the canvas."""
