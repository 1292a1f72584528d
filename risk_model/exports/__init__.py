"""Files that leave the house: exactly what is on screen, safe to open."""
