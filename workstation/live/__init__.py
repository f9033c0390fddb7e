"""Live: the picture as it comes, what the recording is doing, and the buttons that capture."""
