"""Tests of how far values are followed."""
