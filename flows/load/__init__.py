"""Build a star schema from the parsed releases, check it and publish it."""
