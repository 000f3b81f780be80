"""Runs customers' programs, unmodified, in a child process against the fake Aurora API."""
