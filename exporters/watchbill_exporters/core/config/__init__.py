"""YAML and pydantic -> frozen config, or all that is wrong with it."""
