"""Kinds: each lowers itself to the neutral Plan and brings the scenarios that prove it. Kinds never see targets."""
