"""Question (+ conversation, + who asks) → an answer with every statement cited, or a refusal."""
