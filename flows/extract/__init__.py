"""Reading the archive: the files of one state, their contents and their history."""
