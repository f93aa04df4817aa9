package io.dropblock.model;

/** How maps are padded before maxima of 3x3 pixels with stride 2. */
public enum PoolPadding {
  /** At the bottom and right only where a side is even, as TensorFlow's SAME. */
  SAME,
  /** A pixel on every side, as torchvision and timm. */
  SYMMETRIC
}
