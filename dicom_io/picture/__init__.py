"""Pictures into the standard and out of it: stills, clips, photographs; frames bit-exact.

still, clip, photograph        making them: `calibration`, `burning`, `encapsulate`, `lossless` are what they are made of
opened                         pictures out of a file: `frame_index` finds a frame, `decode` and `pixels` give its pixels
bare_jpeg, camera_picture      JPEG files as cameras write them
stored_picture, grey_levels    what labels need of a stored picture
"""
