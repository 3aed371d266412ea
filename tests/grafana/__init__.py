"""A gate for generated dashboards, derived from the types that Grafana publishes."""
