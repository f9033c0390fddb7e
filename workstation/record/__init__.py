"""The record: who is scanned, and what was captured."""
