"""Review: pictures that are recorded already, frame by frame and at their true speed; the studies of the archive."""
