"""Programs for those who work on Descent; none of them is part of the wheel."""
