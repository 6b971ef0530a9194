"""Reading what students wrote, marking it, and reporting."""
