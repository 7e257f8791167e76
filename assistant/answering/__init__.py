"""Question (+ conversation, + who asks) → an answer whose every statement is cited, or a refusal."""
