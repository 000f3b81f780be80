"""Fixtures of the catalogue's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalogue.small_rules import Rules


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    return Rules(tmp_path)
