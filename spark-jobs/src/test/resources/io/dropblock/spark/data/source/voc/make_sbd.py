"""Writes sbd.mat: a label file as the Semantic Boundaries Dataset has them.

Made with scipy 1.17.1 and numpy 2.4.6: python3 make_sbd.py
"""

import numpy
import scipy.io
import scipy.sparse

ROWS, COLUMNS = 5, 7
labels = numpy.fromfunction(lambda row, column: (3 * row + 5 * column) % 21, (ROWS, COLUMNS))
boundaries = numpy.empty((20, 1), dtype=object)
for index in range(20):
    boundaries[index, 0] = scipy.sparse.csc_matrix(labels == index + 1)
scipy.io.savemat(
    "sbd.mat",
    {
        "GTcls": {
            "Boundaries": boundaries,
            "Segmentation": labels.astype(numpy.uint8),
            "CategoriesPresent": numpy.arange(1, 21, dtype=numpy.float64).reshape(-1, 1),
        }
    },
    do_compression=True,
)
