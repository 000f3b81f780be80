"""What users read: one output format a file, all made from the same findings."""
