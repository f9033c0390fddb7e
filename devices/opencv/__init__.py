"""The portable driver: cameras through OpenCV, on Linux, Windows and macOS.

driver          which cameras OpenCV can open, and by which name to know them again
source          frames of one of them
modes           what a capture is made to deliver, and what its arrays turn out to be
"""
