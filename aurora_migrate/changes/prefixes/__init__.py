"""The prefix that left every path: where it is spelled, and where no request spells it."""
