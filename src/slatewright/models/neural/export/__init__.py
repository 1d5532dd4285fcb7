"""Export: networks with their weights and tables as graphs that need neither Keras nor us."""
