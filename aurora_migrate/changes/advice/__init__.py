"""What compatible changes may break: parts of answers, and the chains and places that take them."""
