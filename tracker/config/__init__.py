"""The one reader of every TOML file of ours: positions kept, checked against a declared shape."""
