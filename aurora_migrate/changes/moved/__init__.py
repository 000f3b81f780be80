"""Fields of a request body that move between its objects: holders, pieces, selections, displays."""
