"""Words, periods, errors: what everything else rests on."""
