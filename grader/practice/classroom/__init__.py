"""Practice in a class: an instructor's set, what students share of it, what a class has done."""
