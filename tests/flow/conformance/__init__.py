"""The conformance table: one small program an idiom, and what the tool has to conclude from it."""
