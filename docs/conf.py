"""How the manual is built: `make docs`."""

project = "Press coverage tracker"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = project
html_show_copyright = False
exclude_patterns = ["_build"]
myst_heading_anchors = 3
myst_enable_extensions = ["fieldlist"]
