"""Printed names into ministers and portfolios."""
