"""Tests of aurora_migrate/catalogue and of the rules that ship."""
