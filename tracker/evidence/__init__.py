"""Evidence: what we held of an item and since when, in a pack that proves offline that nothing was altered.

`merkle`, `witness`, `records`, `container`: pure; how a day's items become one hash, and how a pack lies on disk. `days`: each day's
root, made by the night. `pack`: writes a pack; `verify`: reads one that anybody may have made. `erase`: an item's contents go, its hash stays.
"""
