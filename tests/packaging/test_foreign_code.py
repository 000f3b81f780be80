"""Code that has never heard of Aurora, or only in passing: no finding, no crash."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import pytest

from tests.packaging.commands import report, tool


@pytest.mark.parametrize(
    ("directory", "at_least"),
    [
        pytest.param("stdlib", 500, id="standard library of the running Python"),
        pytest.param("purelib", 1000, id="site-packages of the running environment"),
    ],
)
def test_foreign_code_gives_no_finding_and_no_error(directory: str, at_least: int, tmp_path: Path) -> None:
    path = Path(sysconfig.get_path(directory))

    done = tool("check", path, "--output-format", "json", cwd=tmp_path)

    assert done.code == 0, done.said
    found = report(done)
    assert found["findings"] == []
    assert found["errors"] == []
    assert "Traceback" not in done.stderr
    assert found["summary"]["files_checked"] >= at_least, "the tree was not walked"
