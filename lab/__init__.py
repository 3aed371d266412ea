"""A live lab: real Prometheus servers against simulated targets whose truth is known."""
