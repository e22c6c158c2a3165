"""Scheduled refreshes with Prefect."""
