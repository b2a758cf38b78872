"""The addresses of the data: whether they answer, and with what."""
