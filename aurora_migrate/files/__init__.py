"""Finding files, telling by their bytes which can matter, and reading those."""
