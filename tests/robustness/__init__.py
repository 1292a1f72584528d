"""Nothing is lost, nothing gets in: what happens when a process dies, the disk is full, or a file means harm."""
