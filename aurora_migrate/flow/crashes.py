"""Where an analysis was when it crashed."""

from __future__ import annotations

from pathlib import Path

from aurora_migrate.flow.modules import Module


def crashed_in(error: Exception) -> Path | None:
    """The module that was looked at: the innermost one that the frames of the traceback speak of."""
    found: Path | None = None
    trace = error.__traceback__
    while trace is not None:
        for value in trace.tb_frame.f_locals.values():
            module = value if isinstance(value, Module) else getattr(value, "module", None)
            if isinstance(module, Module):
                found = module.path
        trace = trace.tb_next
    return found
