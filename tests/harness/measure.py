"""How well the tool migrates customers, as a table: python -m tests.harness.measure DIR [...]."""

from __future__ import annotations

import argparse
import queue
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fake_aurora.constants import V2018, V2022
from tests.harness import tool
from tests.harness.compare import broke_code, broke_vendor, differences
from tests.harness.customers import Customer, CustomerError, find_customers, load_customer
from tests.harness.run import HarnessError
from tests.harness.world import World, start_world

HEADINGS = (
    "customer",
    "before ok",
    "findings",
    "by hand",
    "after ok",
    "tests ok",
    "silent miss",
    "wrong fix",
)


@dataclass(frozen=True)
class Row:
    """One customer's result; counts are None when the tool failed, `notes` tells what differed."""

    name: str
    before_ok: bool
    findings: int | None = None
    by_hand: int | None = None
    after_ok: bool = False
    wrong_fix: bool = False
    notes: str = ""
    tests_ok: bool | None = None
    """Whether the customer's own tests pass after the migration; None when it has none."""

    @property
    def silent_miss(self) -> bool:
        """The program does not run as it did, and the tool named nothing that is left to do."""
        return self.before_ok and self.by_hand == 0 and not (self.after_ok and self.tests_ok is not False)

    @property
    def complete(self) -> bool:
        return self.before_ok and self.by_hand == 0 and self.after_ok and self.tests_ok is not False

    def cells(self) -> tuple[str, ...]:
        """The row as the table shows it."""
        return (
            self.name,
            _yes(self.before_ok),
            _count(self.findings),
            _count(self.by_hand),
            _yes(self.after_ok),
            "-" if self.tests_ok is None else _yes(self.tests_ok),
            "SILENT" if self.silent_miss else "",
            "WRONG" if self.wrong_fix else "",
        )


def measure(customer: Customer, world: World) -> Row:
    """Run before, migrate a copy, run the copy, compare."""
    before = customer.run(customer.before, V2018, world)
    if not before.ok:
        return Row(customer.name, False, notes=f"before on {V2018}: {before.explain()}")
    with tempfile.TemporaryDirectory(prefix="migration-") as temporary:
        copy = customer.copy_to(Path(temporary) / customer.name)
        try:
            found = tool.findings(copy)
            tool.fix(copy)
            left = tool.findings(copy)
        except tool.ToolError as error:
            return Row(customer.name, True, notes=f"the tool failed: {error}")
        after = customer.run(copy, V2022, world)
        tested = customer.run_tests(copy, V2022, world) if customer.tests else None
    changed = differences(before, after)
    notes = [f"left: {item.code} {item.path}:{item.line}" for item in left]
    if changed:
        notes += [f"differs: {'; '.join(changed)}", after.explain()]
    if tested is not None and not tested.ok:
        notes += ["its own tests:", tested.explain()]
    return Row(
        customer.name,
        True,
        findings=len(found),
        by_hand=len(left),
        after_ok=not changed,
        wrong_fix=broke_vendor(before, after) or broke_code(after),
        notes="\n".join(notes),
        tests_ok=tested.ok if tested is not None else None,
    )


def measure_all(paths: Sequence[Path], jobs: int) -> list[Row]:
    """Rows in the order of `paths`; each job has servers of its own."""
    worlds: queue.Queue[World] = queue.Queue()
    for _ in range(max(1, min(jobs, len(paths)))):
        worlds.put(start_world())

    def one(path: Path) -> Row:
        world = worlds.get()
        try:
            return measure(load_customer(path), world)
        except (CustomerError, HarnessError) as error:
            return Row(path.name, False, notes=str(error))
        finally:
            worlds.put(world)

    with ThreadPoolExecutor(worlds.qsize()) as pool:
        return list(pool.map(one, paths))


def table(rows: Sequence[Row]) -> str:
    """The rows and the totals as aligned text."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
    text.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in [*text, "", *totals(rows)])


def totals(rows: Sequence[Row]) -> list[str]:
    """Complete migrations as a share of programs that ran before, and counts that should be nought."""
    ran = [row for row in rows if row.before_ok]
    complete = sum(row.complete for row in ran)
    share = f"{100 * complete / len(ran):.1f} %" if ran else "none ran"
    return [
        f"programs        {len(rows)}, of which {len(ran)} ran before on {V2018}",
        f"complete        {complete} of {len(ran)} ({share})",
        f"left by hand    {sum(bool(row.by_hand) for row in ran)}",
        f"silent misses   {sum(row.silent_miss for row in ran)}",
        f"wrong fixes     {sum(row.wrong_fix for row in ran)}",
        f"tool failures   {sum(row.by_hand is None for row in ran)}",
    ]


def main() -> int:
    """Print the table; exits 1 for a silent miss, a wrong fix, a tool failure or a program that never ran."""
    parser = argparse.ArgumentParser(prog="python -m tests.harness.measure", description=__doc__)
    parser.add_argument("directories", nargs="+", type=Path, help="of customers, or a customer itself")
    parser.add_argument("--jobs", type=int, default=4, help="customers measured at once (default 4)")
    parser.add_argument("--notes", action="store_true", help="tell what is left and what differs")
    options = parser.parse_args()
    paths = [path for directory in options.directories for path in find_customers(directory.resolve())]
    if not paths:
        parser.error("no customer.toml in " + ", ".join(map(str, options.directories)))
    rows = measure_all(paths, options.jobs)
    print(table(rows))
    for row in rows:
        if row.notes and (options.notes or not row.before_ok):
            print(f"\n== {row.name}\n{row.notes}")
    return int(any(row.silent_miss or row.wrong_fix or row.by_hand is None for row in rows))


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _count(value: int | None) -> str:
    return "-" if value is None else str(value)


if __name__ == "__main__":
    raise SystemExit(main())
