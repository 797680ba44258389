"""What is told at once: to staff, and to whoever operates the tracker."""
