"""One view of an edition, in every form that leaves the house."""
