"""Rewriting trees: taking code out, putting code in, cleaning up what became dead."""

from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused

__all__ = ["Plan", "Refused"]
