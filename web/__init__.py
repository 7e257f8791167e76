"""The pages and the HTTP API: shows what ``assistant`` decides, decides nothing."""
