"""A USB Video Class camera made of software, to which the kernel's own uvcvideo driver binds as to a real one.

`python -m tests.device_lab.camera` runs one; `descriptors.py` says what it is, `usbip.py` carries it to the kernel's
virtual host controller, `schedule.py` keeps its clock and its account of what it sent, `camera.py` is the device.
"""
