"""Push the published build to a PostgreSQL server: each public view as a table, changed by difference."""
