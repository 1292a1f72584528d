"""The boundaries of local authorities, made anew from the file that the Office for National Statistics publishes."""
