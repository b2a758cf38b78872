"""The server of `aivision mcp`: what language models may ask, over the Model Context Protocol. It changes nothing."""
