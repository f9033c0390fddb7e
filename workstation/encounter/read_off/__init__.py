"""What can be read off a capture for an entry: velocities for a vessel, frames with the tip for an injection.

    pictures     the frames of a capture, decoded. No Qt
    velocities   a Doppler spectrum or colour, for the vessel that is open (S3). No Qt
    tip_frames   in how many frames of a clip the tip is seen, for the injection that is open (S25). No Qt
    bar          which capture, what was read, take over or leave; `control` is what it does

The program reads, a person takes over: until then nothing of it stands in the record.
"""
