package io.dropblock.spark.data.image.augment;

import io.dropblock.spark.data.image.Image;

/**
 * The operations of AutoAugment's policy for ImageNet, with the meaning of their level, 0 to 10, of
 * the TPU code {@code efficientnet/autoaugment.py}.
 */
enum AugmentOp {
  AUTO_CONTRAST {
    @Override
    Image apply(Image image, int level, int sign) {
      return Tones.autoContrast(image);
    }
  },
  EQUALIZE {
    @Override
    Image apply(Image image, int level, int sign) {
      return Tones.equalize(image);
    }
  },
  INVERT {
    @Override
    Image apply(Image image, int level, int sign) {
      return Tones.invert(image);
    }
  },
  /** Keeps up to 4 bits. */
  POSTERIZE {
    @Override
    Image apply(Image image, int level, int sign) {
      return Tones.posterize(image, level * 4 / 10);
    }
  },
  /** Threshold up to 256, at which nothing changes. */
  SOLARIZE {
    @Override
    Image apply(Image image, int level, int sign) {
      return Tones.solarize(image, level * 256 / 10);
    }
  },
  /** Adds up to 110. */
  SOLARIZE_ADD {
    @Override
    Image apply(Image image, int level, int sign) {
      return Tones.solarizeAdd(image, level * 110 / 10);
    }
  },
  /** From 0.1 of the colours to 1.9 times them. */
  COLOR {
    @Override
    Image apply(Image image, int level, int sign) {
      return Tones.color(image, (float) (level / 10.0 * 1.8 + 0.1));
    }
  },
  /** Up to 30 degrees. */
  ROTATE(true) {
    @Override
    Image apply(Image image, int level, int sign) {
      float degrees = sign * level * 3f;
      return AffineMap.rotation(degrees, image.width(), image.height()).apply(image);
    }
  },
  /** Up to 0.3 columns a row. */
  SHEAR_X(true) {
    @Override
    Image apply(Image image, int level, int sign) {
      return AffineMap.shearX((float) (sign * level * 0.03)).apply(image);
    }
  },
  /** Up to 0.3 rows a column. */
  SHEAR_Y(true) {
    @Override
    Image apply(Image image, int level, int sign) {
      return AffineMap.shearY((float) (sign * level * 0.03)).apply(image);
    }
  },
  /** Up to 250 pixels, whatever the image's size. */
  TRANSLATE_Y(true) {
    @Override
    Image apply(Image image, int level, int sign) {
      return AffineMap.translationY(sign * level * 25f).apply(image);
    }
  };

  private final boolean signed;

  AugmentOp() {
    this(false);
  }

  AugmentOp(boolean signed) {
    this.signed = signed;
  }

  /** Whether it goes either way, at random. */
  boolean isSigned() {
    return signed;
  }

  /**
   * Makes another image.
   *
   * @param sign 1 or -1; means nothing where not signed
   */
  abstract Image apply(Image image, int level, int sign);
}
