import click


@click.group()
@click.version_option(package_name="watchbill")
def main() -> None:
    """Export Prometheus metrics of agents, queues, sandboxes and backups.

    This version holds no exporter yet, so there is no command to run.
    """
