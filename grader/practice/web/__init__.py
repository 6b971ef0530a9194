"""Practice in a browser: pages of one student's own, from a server on the same machine."""
