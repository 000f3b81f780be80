"""Tests of aurora_migrate.files."""
