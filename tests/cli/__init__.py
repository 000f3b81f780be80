"""The command line: what is parsed, what is called, what is printed, how it exits."""
