"""Store: the shop's folder, fitted models on disk, versions, the live pointer."""
