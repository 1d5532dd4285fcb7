"""The report on segments: pictures, and one HTML page."""
