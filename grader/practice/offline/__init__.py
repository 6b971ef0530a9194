"""Practice in one HTML file that needs no server: its questions, and the marking, as data."""
