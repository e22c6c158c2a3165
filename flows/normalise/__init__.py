"""Decide which minister or portfolio each printed name means."""
