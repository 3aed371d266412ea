"""The demo stack: simulator, demo, compose file."""
