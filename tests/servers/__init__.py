"""More than one machine: a store for builds, a proxy, several processes."""
