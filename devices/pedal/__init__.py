"""Foot switches: presses at a serial port, made into gestures.

port            a stream of presses and releases with their times
protocols       what a serial foot switch says, byte by byte
debounce        a contact that bounces, made into one that does not
gestures        short, long and double presses
foot_switch     the foot switch at work: listens, tells gestures, waits for one that was unplugged
"""
