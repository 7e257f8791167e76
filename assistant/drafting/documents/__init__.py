"""Documents as typed values: templates, conditions, obligations, and the draft of a case."""
