"""What `wrap` and `restore-test` leave behind: one file of state for each name, in one directory."""
