"""Pipeline: query to slate in four stages."""
