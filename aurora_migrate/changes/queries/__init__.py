"""Query parameters that are gone, and the endpoint that does their work."""
