"""Tools with repositories: restic, borg, pgBackRest."""
