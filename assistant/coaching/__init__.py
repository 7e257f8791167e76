"""The seven steps: questions, state, commands, recommendation, report."""
