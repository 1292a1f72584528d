"""From releases to judgements: stage, measure, evaluate, level. SQL over one build; records never enter here."""
