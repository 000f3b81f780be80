"""Tests; mirrors aurora_migrate/."""
