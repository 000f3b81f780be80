"""What becomes of a part of a response in the customer's program: shown to a person, tested, taken apart."""
