"""`python -m aurora_migrate`: the command line without the installed script."""

from aurora_migrate.cli import main

if __name__ == "__main__":
    main()
