"""A file into a release as read, and what its text measures."""
