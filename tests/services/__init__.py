"""The services: rights, and figures that agree with one another."""
