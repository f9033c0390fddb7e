"""JPEG bitstreams without decoding them: `structure` says whether one is whole, `scan` finds damage in the coded data."""
