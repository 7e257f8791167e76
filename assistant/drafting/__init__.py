"""Agreements: typed facts, rules, dated parameters, texts, files."""
