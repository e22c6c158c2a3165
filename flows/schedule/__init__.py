"""Scheduled refreshes on one machine."""
