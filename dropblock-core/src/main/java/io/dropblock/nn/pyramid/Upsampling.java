package io.dropblock.nn.pyramid;

/** How maps become larger. */
public enum Upsampling {
  /** Bilinear, with aligned corners, to any size. */
  BILINEAR,
  /** Each pixel becomes a square of 2 x 2, so that both sides double. */
  NEAREST
}
