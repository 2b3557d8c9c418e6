"""Exchange formats: bytes in, values out, and back. Reading forgives what devices do; writing does not."""
