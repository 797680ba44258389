"""How well we see: health and silence of sources, completeness, recall, trace."""
