"""Do the generated tests notice when a generated rule is wrong? Each rule is broken in many ways, one at a time."""
