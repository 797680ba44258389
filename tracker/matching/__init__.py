"""Article x campaign -> mention: the campaign file, its query, every form of its terms, and the evidence in the text."""
