"""The web application: search and read the published build, and take its data out. `beehive serve` starts it."""
