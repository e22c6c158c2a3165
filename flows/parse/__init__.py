"""Turn a file into a release and measure its text."""
