package io.dropblock.spark.data.image;

/** What is cut out of an image, and whether it is mirrored left to right. */
record Crop(Region region, boolean mirror) {}
