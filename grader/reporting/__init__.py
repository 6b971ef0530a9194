"""What the instructor sees of a graded exam: statistics, pictures, and the page with them."""
