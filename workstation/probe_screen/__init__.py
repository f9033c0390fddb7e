"""What the probe's own screen says of a capture, read off its frames: scale, settings, where the depth changes; two
points where it does not say the scale; what a device says of itself. No Qt."""
