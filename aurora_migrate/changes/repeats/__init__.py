"""Requests repeated for each item of a list: where the list is born, and the code that retrieves an item."""
