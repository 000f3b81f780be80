"""`make bench`: aurora-migrate beside ripgrep and ruff, on other people's code and on fixture customers.

Nothing here fails by the clock; what is asserted is that LibCST stays unimported when no file can matter.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CUSTOMERS = ROOT / "fixtures" / "customers"
BIN = Path(sys.executable).parent

# Outside the checkout: its .gitignore would hide the tree from all three tools.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aurora-migrate-bench"

# Pinned, so that figures of two days can be compared. Moto speaks of another Aurora and of paths in /v2.
PACKAGES = (
    "boto3==1.35.0",
    "botocore==1.35.0",
    "django==5.2.1",
    "moto==5.0.28",
    "networkx==3.4.2",
    "pygments==2.18.0",
    "requests==2.32.3",
    "sphinx==8.1.3",
    "sqlalchemy==2.0.36",
    "sympy==1.13.3",
    "twisted==24.7.0",
)
ROUNDS = 7
STARTS = 21
SECONDS = 120


@dataclass(frozen=True)
class Command:
    """One competitor: what the table calls it, what is run, which exit codes mean that it did its work."""

    name: str
    words: tuple[str, ...]
    fine: frozenset[int] = frozenset({0, 1})


def main() -> None:
    packages = installed(CACHE / "packages")
    mixed = with_customers(packages, CACHE / "mixed")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {output('ruff', '--version')}")
    print_imports(packages, mixed)
    for title, tree in (("packages only: nothing can matter", packages), ("packages and customers", mixed)):
        print(f"\n{title}: {count(tree):,} files")
        print_table(race(competitors(tree), ROUNDS), base="aurora-migrate")
    print("\nstart-up")
    print_table(race(starters(), STARTS), base="python -c pass")


def installed(target: Path) -> Path:
    """The tree of installed packages; made once for each list of packages."""
    listed = target.with_suffix(".txt")
    wanted = "\n".join(PACKAGES)
    if listed.is_file() and listed.read_text(encoding="utf-8") == wanted:
        return target
    shutil.rmtree(target, ignore_errors=True)
    options = ["--quiet", "--no-deps", "--no-compile", "--only-binary", ":all:", "--target", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, *PACKAGES], check=True)
    listed.write_text(wanted, encoding="utf-8")
    return target


def with_customers(packages: Path, target: Path) -> Path:
    """The same tree and the fixture customers as they were before their migration."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(packages, target, copy_function=os.link)
    for before in sorted(CUSTOMERS.glob("*/before")):
        shutil.copytree(before, target / "customers" / before.parent.name)
    return target


def count(tree: Path) -> int:
    return sum(1 for _ in tree.rglob("*.py"))


def competitors(tree: Path) -> list[Command]:
    """The tools, each told to read every Python file below `tree` and to keep no cache."""
    ruff = ("check", "--isolated", "--no-cache", "--quiet", "--statistics", "--select", "F401")
    every = ("--no-respect-gitignore", str(tree))
    return [
        Command("aurora-migrate", (str(BIN / "aurora-migrate"), "check", "--quiet", str(tree))),
        searcher(tree),
        Command("ruff (F401, no cache)", (str(BIN / "ruff"), *ruff, *every)),
    ]


def searcher(tree: Path) -> Command:
    pattern = "aurorasolar|aurorakey"
    if shutil.which("rg"):
        options = ("--files-with-matches", "--ignore-case", "--no-ignore", "--hidden", "--glob", "*.py")
        return Command("ripgrep", ("rg", *options, pattern, str(tree)))
    return Command("grep -r", ("grep", "-r", "-i", "-l", "-E", "--include=*.py", pattern, str(tree)))


def starters() -> list[Command]:
    return [
        Command("python -c pass", (sys.executable, "-c", "pass")),
        Command("aurora-migrate --version", (str(BIN / "aurora-migrate"), "--version")),
    ]


def race(commands: Sequence[Command], rounds: int) -> dict[str, list[float]]:
    """Seconds of each command by round; who starts changes, and the first round is thrown away."""
    seconds: dict[str, list[float]] = {command.name: [] for command in commands}
    for number in range(rounds + 1):
        first = number % len(commands)
        for command in [*commands[first:], *commands[:first]]:
            taken = clock(command)
            if number:
                seconds[command.name].append(taken)
    return seconds


def clock(command: Command) -> float:
    start = time.perf_counter()
    done = subprocess.run(command.words, check=False, capture_output=True, timeout=SECONDS)
    taken = time.perf_counter() - start
    if done.returncode not in command.fine:
        raise SystemExit(f"{command.name} exited {done.returncode}: {done.stderr.decode(errors='replace')}")
    return taken


def print_table(seconds: Mapping[str, Sequence[float]], base: str) -> None:
    """Medians, ranges, and medians as multiples of the base's."""
    unit = statistics.median(seconds[base])
    print(f"  {'':26}{'median':>10}{'fastest':>10}{'slowest':>10}{'x ' + base:>20}")
    for name, taken in seconds.items():
        middle = statistics.median(taken)
        figures = "".join(f"{value * 1000:>7.0f} ms" for value in (middle, min(taken), max(taken)))
        print(f"  {name:26}{figures}{middle / unit:>20.2f}")


def print_imports(packages: Path, mixed: Path) -> None:
    """Say where LibCST was imported; stop if that is where nothing can matter, or nowhere at all."""
    for tree, expected in ((packages, False), (mixed, True)):
        imported = imports_libcst(tree)
        print(f"LibCST imported on {tree.name}: {'yes' if imported else 'no'}")
        if imported is not expected:
            raise SystemExit(f"expected the opposite on {tree}")


def imports_libcst(tree: Path) -> bool:
    command = [sys.executable, "-X", "importtime", "-m", "aurora_migrate", "check", "--quiet", str(tree)]
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, encoding="utf-8", errors="replace", timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise SystemExit(f"after {SECONDS} s aurora-migrate was still at work on {tree}") from None
    if done.returncode not in (0, 1):
        raise SystemExit(f"aurora-migrate exited {done.returncode}: {done.stderr[-2000:]}")
    modules = {
        line.rpartition("|")[2].strip()
        for line in done.stderr.splitlines()
        if line.startswith("import time:")
    }
    return "libcst" in modules


def output(name: str, *arguments: str) -> str:
    return subprocess.run(
        [BIN / name, *arguments], check=True, capture_output=True, encoding="utf-8"
    ).stdout.strip()


if __name__ == "__main__":
    main()
