"""`aurora-migrate check`: finds what 2022.09 breaks, and fixes it on request."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from aurora_migrate import engine
from aurora_migrate.cli.options import config_option, rule_options
from aurora_migrate.cli.output import Output
from aurora_migrate.config import Overrides, Settings, load_settings
from aurora_migrate.findings import Applicability
from aurora_migrate.report.paths import Paths
from aurora_migrate.report.results import TRACE_STEPS, Results, Run
from aurora_migrate.report.summary import summary

FORMATS = ("full", "concise", "json")


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for; the names are those of the command's options."""

    paths: tuple[Path, ...]
    fix: bool
    unsafe_fixes: bool
    diff: bool
    add_version_header: bool
    remove_version_header: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    extend_select: tuple[str, ...]
    output_format: str
    statistics: bool
    exit_zero: bool
    config: Path | None
    show_trace: bool | None
    quiet: bool


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--fix", is_flag=True, help="Apply the safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="Count the unsafe fixes in; with --fix, apply them too.")
@click.option("--diff", is_flag=True, help="Print what --fix would change; write nothing.")
@click.option(
    "--add-version-header",
    is_flag=True,
    help="Find the calls that do not ask for the current version by header; with --fix, add it.",
)
@click.option(
    "--remove-version-header",
    is_flag=True,
    help="Find the calls that ask for the current version by header; with --fix, take it out.",
)
@rule_options
@click.option(
    "--output-format",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    show_default=True,
    help="How findings are printed; docs/json.md describes the json.",
)
@click.option("--statistics", is_flag=True, help="Print how often each rule was found, not each finding.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even if something was found.")
@config_option
@click.option(
    "--show-trace/--no-show-trace",
    default=None,
    help=f"In full format: the whole way of the value to the call, or none of it (else {TRACE_STEPS} steps).",
)
@click.option("--quiet", "-q", is_flag=True, help="Print the findings, but no summary.")
def check(**options: Any) -> None:
    """Find what Aurora's API 2022.09 breaks in the Python code under PATHS (by default: here).

    Exit code 0: nothing found. 1: findings remain, or --diff has a change to show. 2: it could not do its
    work; some file could not be read, or the settings cannot be used.
    """
    asked = Options(**options)
    _refuse_contradictions(asked)
    paths = asked.paths or (Path(),)
    run = _run(asked)
    report = engine.check(paths, _settings(asked, paths), fix=run.fix, write=run.write)
    _print(report, asked, run)
    sys.exit(_exit_code(report, asked))


def _refuse_contradictions(asked: Options) -> None:
    if asked.diff and asked.statistics:
        raise click.UsageError("--diff prints changes and --statistics prints counts: leave one out.")
    if asked.diff and asked.output_format == "json":
        raise click.UsageError("--diff prints a unified diff, not json: leave one out.")
    if asked.add_version_header and asked.remove_version_header:
        raise click.UsageError(
            "--add-version-header puts in what --remove-version-header takes out: leave one out."
        )


def _run(asked: Options) -> Run:
    applied = Applicability.UNSAFE if asked.unsafe_fixes else Applicability.SAFE
    return Run(applied if asked.fix or asked.diff else None, asked.unsafe_fixes, write=not asked.diff)


def _settings(asked: Options, paths: tuple[Path, ...]) -> Settings:
    given = {
        "add-version-header": asked.add_version_header,
        "remove-version-header": asked.remove_version_header,
    }
    switches = tuple(name for name, is_on in given.items() if is_on)
    overrides = Overrides(asked.select, asked.ignore, asked.extend_select, switches)
    return overrides.applied(load_settings(_common_folder(paths), asked.config))


def _common_folder(paths: tuple[Path, ...]) -> Path:
    try:
        return Path(os.path.commonpath([os.path.abspath(path) for path in paths]))
    except ValueError:  # paths on several drives
        return Path.cwd()


def _print(results: Results, asked: Options, run: Run) -> None:
    output = Output(sys.stdout)
    if asked.output_format == "json":
        from aurora_migrate.report.json import document

        output.text(document(results, Paths(Path.cwd())))
        return
    if results.findings or results.errors or results.changes:
        _print_found(results, asked, run)
    if not asked.quiet:
        (Output(sys.stderr) if asked.diff else output).lines(summary(results, run))


def _print_found(results: Results, asked: Options, run: Run) -> None:
    # Imported late: a run that finds nothing, the most frequent one, prints a summary only.
    from aurora_migrate.report.concise import concise, errors
    from aurora_migrate.report.diff import diff
    from aurora_migrate.report.full import Full
    from aurora_migrate.report.statistics import statistics

    output, paths = Output(sys.stdout), Paths(Path.cwd())
    if asked.diff:
        output.lines(diff(results.changes, paths))
        Output(sys.stderr).lines(errors(results, paths))
    elif asked.statistics:
        output.lines(statistics(results))
    elif asked.output_format == "concise":
        output.lines(concise(results, paths))
    else:
        output.lines(Full(paths, run, _steps(asked.show_trace)).lines(results))


def _steps(show_trace: bool | None) -> int | None:
    if show_trace is None:
        return TRACE_STEPS
    return None if show_trace else 0


def _exit_code(results: Results, asked: Options) -> int:
    if results.errors:
        return 2
    found = bool(results.findings) or (asked.diff and bool(results.changes))
    return 1 if found and not asked.exit_zero else 0
