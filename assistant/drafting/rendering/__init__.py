"""A typed document as a file: docx, odt, html, md, pdf, json and xlsx, from one tree."""
