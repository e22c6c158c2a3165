"""The archive: which files a state holds, and their bytes."""
