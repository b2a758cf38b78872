"""What readers ask of a snapshot: figures of a comparison, a criterion or an agency. Never run while one is built."""
