"""Practice: rounds of one question each, by skill and when they are due; faces show them."""
