"""Coverage entered by people: pages, print, television, radio."""
