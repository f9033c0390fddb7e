"""Measurements beside what a user would pick instead, and campaigns too long for the tests: see README.md."""
