"""The configs of what the demo runs, as texts: pure functions of where everything is."""
