"""What answers say of refusals: looks for the old shape, and the code that reads the new one."""
