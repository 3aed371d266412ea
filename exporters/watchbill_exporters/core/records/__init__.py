"""JSON lines from files: followed through rotations, decoded, refused by reason, counted once."""
