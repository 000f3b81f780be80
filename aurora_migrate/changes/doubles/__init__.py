"""Test doubles: which requests they stand for, and what they record and expect of them."""
