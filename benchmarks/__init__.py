"""What the generated rules cost, how right they are, and how fast they are made, against others in the same run."""
