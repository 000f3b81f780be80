"""Headers of requests: where one is added, where one is taken out, and the tests that expect them."""
