"""The stack, live: a simulated agent platform and everything that watches it. For the checkout; it is not shipped."""
