"""`make demo`: the whole stack on the loopback, in a temporary folder, alive within a minute and gone on ^C."""
