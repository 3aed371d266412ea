"""Copies in directories: dumps and base backups of PostgreSQL, SQLite files."""
