"""Coverage that people enter by sheet: print, television, radio, social pages. `importing` takes a sheet in, `template` makes an empty one."""
