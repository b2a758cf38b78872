"""The series of the trends: written with each snapshot, and read for a question."""
