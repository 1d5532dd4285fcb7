"""Neural recommenders: networks by Keras on JAX, PyTorch or TensorFlow, tables of vectors in NumPy."""
