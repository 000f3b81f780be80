"""The tool as others get it: wheel, pre-commit hook, and code of strangers that it must leave alone."""
