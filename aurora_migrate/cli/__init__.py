"""The command line: one command a file; `main` is the installed script."""

import sys

from aurora_migrate import __version__

PROGRAM = "aurora-migrate"


def main() -> None:
    """Run the command line on `sys.argv` and exit: 0 nothing found, 1 findings, 2 could not do its work."""
    # Answered before click is imported, which takes three times as long as Python's own start.
    if sys.argv[1:] == ["--version"]:
        from aurora_migrate.cli.output import Output

        Output(sys.stdout).text(f"{PROGRAM} {__version__}\n")
        return
    from aurora_migrate.cli.group import commands

    try:
        commands(prog_name=PROGRAM)
    except Exception as error:
        _report_bug(error)
        # Python's own 1 would say that there are findings.
        sys.exit(2)


def _report_bug(error: Exception) -> None:
    import traceback

    traceback.print_exception(error)
    print(
        f"\n{PROGRAM}: this is a bug in {PROGRAM} {__version__}, not in your code. What was found may be "
        "incomplete. Please report it, with the lines above.",
        file=sys.stderr,
    )
