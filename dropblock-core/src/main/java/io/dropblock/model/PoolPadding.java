package io.dropblock.model;

/** Where maxima of 3x3 pixels with stride 2 are taken: the images' edges belong to them or not. */
public enum PoolPadding {
  /** TensorFlow's SAME: maps of an even side are padded at the bottom and right only. */
  SAME,
  /** A pixel on every side, as in torchvision and timm. */
  SYMMETRIC
}
