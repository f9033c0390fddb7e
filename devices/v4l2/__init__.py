"""Cameras and grabbers on Linux, through the kernel's Video4Linux drivers.

source          `V4l2Driver` finds them, `V4l2Source` streams
nodes           the video nodes of this machine and the USB devices behind them
formats         the streams that a node offers
controls        a camera's own settings
metadata        the payload headers of UVC beside a stream, `device_clock` the camera's own clock in them
camera_button   the button on a camera
errors          what the kernel's error numbers mean for a person
"""
