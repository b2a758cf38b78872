"""What documents about datasets have in common: parameters, validators, compression, limits."""
