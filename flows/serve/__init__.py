"""What people take out of the published warehouse."""
