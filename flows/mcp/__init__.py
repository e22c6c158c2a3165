"""The door for AI assistants: the published build by the Model Context Protocol. `beehive mcp` starts it."""
