"""What a student gets back: a page with answers, expected answers, reasons and steps."""
