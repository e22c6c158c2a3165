"""What people read from the published warehouse: queries, search, status, report, exports and documents."""
