"""The front door: one file per screen question. Every call takes the viewer first."""
