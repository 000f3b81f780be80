"""Signatures of requests: where their parts are, and the code that makes them."""
