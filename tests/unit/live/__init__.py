"""Fire drills without the systems that the live tests start."""
