"""Kinds of API change: each file finds one kind in the facts of the flow and plans its rewrite."""

from aurora_migrate.changes.analysis import Analysis, analyse

__all__ = ["Analysis", "analyse"]
