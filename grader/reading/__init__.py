"""Reading what students sent: files of all kinds, whose rows they hold, and what a cell says."""
