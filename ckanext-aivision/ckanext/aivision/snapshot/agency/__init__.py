"""What a snapshot says of one agency: its profile, and its place among its peers."""
