"""Who asks: the key by which our requests are signed, the signatures, and the directory in which outlets find the key."""
