"""A transparent, rule-based model of which schools need help, and whether help is there."""
