"""How back ends are reached: addresses, passwords, deadlines, and which error means what."""
