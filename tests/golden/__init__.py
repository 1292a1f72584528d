"""The demo's levels and points as they were last looked at: a difference is reviewed, never blindly accepted."""
