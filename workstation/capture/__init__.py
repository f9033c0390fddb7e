"""From a device to a study on disk without a window: sources, recording, and recovery after a crash. No Qt."""
