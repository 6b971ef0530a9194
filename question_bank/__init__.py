"""Data: one YAML file a question; found through importlib.resources."""
