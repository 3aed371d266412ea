"""What an exporter remembers between scrapes: counters, and the file in which they survive a restart."""
