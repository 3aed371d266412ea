"""`restore-test`: restores into a scratch place, checks, measures, cleans up."""
