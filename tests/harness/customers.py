"""Customers on disk: customer.toml, the trees before and after, and how they are run and compared."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.fake_aurora.constants import AURORA_HOSTS
from tests.fake_aurora.vendors import Answers
from tests.harness.run import Outcome, run_program
from tests.harness.world import World

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

COMPLETE = "complete"
KEYS = frozenset(
    ("title", "proves", "command", "tests", "expected", "unnamed", "env", "config", "vendors", "aurora_hosts")
)
NOT_COMPARED = frozenset(("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"))


class CustomerError(Exception):
    """customer.toml or the layout is wrong; the sentence names the file and the key."""


@dataclass(frozen=True, order=True)
class ByHand:
    """A finding that stays after the fix: rule code, path within the project, line."""

    code: str
    path: str
    line: int
    files: tuple[str, ...] = field(default=(), compare=False)
    """Files that are not Python, and `file.py:12` for lines elsewhere: its message must name them."""
    message: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Customer:
    """A customer as customer.toml describes it; `by_hand` is empty when the migration is complete."""

    name: str
    path: Path
    title: str
    proves: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    config: Mapping[str, Any]
    answers: Answers
    aurora_hosts: tuple[str, ...]
    by_hand: tuple[ByHand, ...]
    tests: tuple[str, ...] = ()
    """What runs the customer's own tests; empty when it has none."""
    unnamed: tuple[tuple[str, int], ...] = ()
    """Path and line of edits in hand/ that no finding sent the owner to."""

    @property
    def before(self) -> Path:
        return self.path / "before"

    @property
    def after(self) -> Path:
        return self.path / "after"

    @property
    def hand(self) -> Path:
        """The files of after/ that their owner had to edit, where a customer has them."""
        return self.path / "hand"

    @property
    def finished(self) -> bool:
        """Whether the migrated program runs: nothing is left by hand, or hand/ has what was done about it."""
        return not self.by_hand or self.hand.is_dir()

    def finish(self, target: Path) -> Path:
        """A copy of after/ with hand/ laid over it: the project once its owner has worked off the list."""
        ignored = shutil.ignore_patterns(*NOT_COMPARED)
        for tree in (self.after, self.hand):
            if tree.is_dir():
                shutil.copytree(tree, target, symlinks=True, ignore=ignored, dirs_exist_ok=True)
        return target

    def run(self, directory: Path, version: str, world: World) -> Outcome:
        """Run a copy of `directory` against one version; the outcome holds the files that it wrote."""
        return self._run(self.command, directory, version, world, self.env)

    def run_tests(self, directory: Path, version: str, world: World) -> Outcome:
        """Run the customer's own tests in a copy of `directory`: their doubles answer, no server does."""
        env = {**self.env, "PYTEST_ADDOPTS": "-p no:cacheprovider"}
        return self._run(self.tests, directory, version, world, env)

    def _run(
        self, command: tuple[str, ...], directory: Path, version: str, world: World, env: Mapping[str, str]
    ) -> Outcome:
        with tempfile.TemporaryDirectory(prefix="customer-") as temporary:
            place = Path(temporary) / self.name
            shutil.copytree(directory, place, symlinks=True, ignore=shutil.ignore_patterns(*NOT_COMPARED))
            shipped = read_tree(place)
            outcome = run_program(
                place,
                command,
                world[version],
                env,
                aurora_hosts=self.aurora_hosts,
                answers=self.answers,
            )
            written = {name: text for name, text in read_tree(place).items() if shipped.get(name) != text}
        return replace(outcome, written=written)

    def copy_to(self, target: Path) -> Path:
        """A copy of before/ with [config] as its pyproject.toml, ready for the tool."""
        shutil.copytree(self.before, target, symlinks=True, ignore=shutil.ignore_patterns(*NOT_COMPARED))
        if self.config:
            (target / "pyproject.toml").write_text(_as_toml(self.config), encoding="utf-8")
        return target

    def tree(self, directory: Path) -> dict[str, bytes]:
        """Contents by relative path, without the pyproject.toml that `copy_to` made."""
        files = read_tree(directory)
        if self.config:
            files.pop("pyproject.toml", None)
        return files


def read_tree(directory: Path) -> dict[str, bytes]:
    """Contents of all files by relative path, caches left out."""
    files = (path for path in sorted(directory.rglob("*")) if path.is_file())
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in files
        if not NOT_COMPARED.intersection(path.relative_to(directory).parts)
    }


def load_customer(path: Path) -> Customer:
    """Read a customer's directory; raises CustomerError."""
    file = path / "customer.toml"
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CustomerError(f"{file}: {error}") from error
    _check(file, data)
    own = path / "before" / "pyproject.toml"
    config = data.get("config", {})
    if config and own.exists():
        raise CustomerError(f"{file}: [config] belongs into before/pyproject.toml, since there is one")
    return Customer(
        name=path.name,
        path=path,
        title=data["title"],
        proves=data["proves"],
        command=tuple(data["command"]),
        env=data.get("env", {}),
        config=config,
        answers=data.get("vendors", {}),
        aurora_hosts=(*AURORA_HOSTS, *data.get("aurora_hosts", ()), *_configured_hosts(config, own)),
        by_hand=_by_hand(file, data.get("expected", COMPLETE)),
        tests=tuple(data.get("tests", ())),
        unnamed=_unnamed(file, data.get("unnamed", [])),
    )


def find_customers(directory: Path) -> list[Path]:
    """The sub-directories that hold a customer.toml, or the directory itself if it does."""
    if (directory / "customer.toml").is_file():
        return [directory]
    return sorted(path.parent for path in directory.glob("*/customer.toml"))


def _check(file: Path, data: Mapping[str, Any]) -> None:
    for name in sorted(set(data) - KEYS):
        raise CustomerError(f"{file}: unknown key {name}")
    for name in ("title", "proves"):
        if not isinstance(data.get(name), str):
            raise CustomerError(f"{file}: {name} must be a string")
    for name in ("command", "tests", "aurora_hosts"):
        if not _is_strings(data.get(name, [])):
            raise CustomerError(f"{file}: {name} must be a list of strings")
    if not data.get("command"):
        raise CustomerError(f"{file}: command is missing")
    if not _is_strings(list(data.get("env", {}).values())):
        raise CustomerError(f"{file}: the values of [env] must be strings")
    if not (file.parent / "before").is_dir():
        raise CustomerError(f"{file}: there is no before/ beside it")


def _is_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _by_hand(file: Path, expected: Any) -> tuple[ByHand, ...]:
    if expected == COMPLETE:
        return ()
    try:
        findings = [
            ByHand(item["code"], item["path"], item["line"], tuple(item.get("files", ())))
            for item in expected
        ]
    except (TypeError, KeyError, AttributeError) as error:
        message = f'{file}: expected must be "{COMPLETE}" or a list of {{code, path, line}}'
        raise CustomerError(message) from error
    if not findings:
        raise CustomerError(f'{file}: expected is an empty list, write "{COMPLETE}"')
    return tuple(sorted(findings))


def _unnamed(file: Path, listed: Any) -> tuple[tuple[str, int], ...]:
    try:
        return tuple(sorted((item["path"], item["line"]) for item in listed if item["why"]))
    except (TypeError, KeyError) as error:
        raise CustomerError(f"{file}: unnamed must be a list of {{path, line, why}}") from error


def _configured_hosts(config: Mapping[str, Any], pyproject: Path) -> tuple[str, ...]:
    table = config
    if pyproject.is_file():
        data = tomllib.loads(pyproject.read_text(encoding="utf-8"))
        table = data.get("tool", {}).get("aurora-migrate", {})
    return tuple(table.get("hosts", ()))


def _as_toml(config: Mapping[str, Any]) -> str:
    # Strings (keys, too), booleans, numbers and lists of them are written alike in JSON and in TOML.
    plain = [f"{name} = {json.dumps(value)}" for name, value in config.items() if not isinstance(value, dict)]
    lines = ["[tool.aurora-migrate]", *plain]
    for table, values in config.items():
        if isinstance(values, dict):
            lines += [
                f"[tool.aurora-migrate.{table}]",
                *(f"{json.dumps(k)} = {json.dumps(v)}" for k, v in values.items()),
            ]
    return "\n".join(lines) + "\n"
