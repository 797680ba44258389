"""Languages, scripts, dates and plurals for what people read."""
