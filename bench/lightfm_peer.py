"""LightFM on the arrays of ``bench_warm_items``, in an environment of its own; imports nothing of ours.

    python lightfm_peer.py ARRAYS.npz SCORES.npy EPOCHS DIM

Reads the training pairs, the features of the items (one with events also has an id of its own: that of another would
stay as it was drawn, noise) and who is asked for what; writes the scores of the warm items, float32 (users, items).
"""

import sys
import time

import numpy as np
from lightfm import LightFM  # type: ignore[import-not-found]
from scipy import sparse


def main() -> None:
    source, target, epochs, dim = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    arrays = np.load(source)
    shape = tuple(arrays["shape"])
    train = sparse.coo_matrix((np.ones(len(arrays["users"]), np.float32), (arrays["users"], arrays["items"])), shape)
    facts = sparse.csr_matrix((arrays["values"], arrays["columns"], arrays["offsets"]))
    sold = (np.bincount(arrays["items"], minlength=shape[1]) > 0).astype(np.float32)
    features = sparse.hstack([sparse.diags(sold), facts], format="csr", dtype=np.float32)
    start = time.perf_counter()
    model = LightFM(no_components=dim, loss="warp", learning_schedule="adagrad", random_state=0)
    model.fit(train, item_features=features, epochs=epochs, num_threads=2)
    print(round(time.perf_counter() - start, 1))
    _, users = model.get_user_representations()
    biases, items = model.get_item_representations(features)
    asked = arrays["asked"]
    np.save(target, users[arrays["cases"]] @ items[asked].T + biases[asked])


if __name__ == "__main__":
    main()
