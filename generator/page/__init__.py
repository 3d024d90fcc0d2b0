"""From what the engine found to one documented record: all that a template may see."""
