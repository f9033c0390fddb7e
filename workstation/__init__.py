"""The workstation: the program that people start, as a window or on the command line.

It is the only room that sees all others, and the only one that offers the simulated probe.
"""
