"""Page to blocks, stories and related headlines. Text and HTML meet in one block model; nothing is lost."""
