"""Second nets: listings of others that name our outlets' articles. Bytes and records in, decisions out; no input or output."""
