"""HTTP: what is answered, who may ask, and the server that carries it."""
