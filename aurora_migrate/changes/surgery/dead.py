"""Dead code after removals (stub)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import libcst as cst

from aurora_migrate.flow.modules import Module


def clean(trees: Mapping[Path, cst.Module], modules: Sequence[Module]) -> dict[Path, cst.Module]:
    return dict(trees)
