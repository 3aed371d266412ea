"""Fire drills: what the generated tests prove on paper, proven on running systems."""
