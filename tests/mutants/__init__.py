"""Small faults put into the rules and into what judges by them, to see whether a test notices. Run by hand."""
