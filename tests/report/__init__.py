"""Every output format, tried on results made by hand."""
