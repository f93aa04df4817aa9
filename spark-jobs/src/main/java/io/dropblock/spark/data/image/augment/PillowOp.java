package io.dropblock.spark.data.image.augment;

import io.dropblock.spark.data.image.Image;

/**
 * The operations of torchvision's {@code RandAugment} and {@code TrivialAugmentWide} ({@code
 * transforms/autoaugment.py} of 0.14) as it does them with Pillow, bilinearly where pixels move, as
 * its training scripts ask for. What comes from outside the image is black.
 */
enum PillowOp {
  IDENTITY {
    @Override
    Image apply(Image image, double magnitude) {
      return image;
    }
  },
  /** Columns a row. */
  SHEAR_X(true) {
    @Override
    Image apply(Image image, double magnitude) {
      return new PillowMap(1, magnitude, 0, 0, 1, 0).apply(image);
    }
  },
  /** Rows a column. */
  SHEAR_Y(true) {
    @Override
    Image apply(Image image, double magnitude) {
      return new PillowMap(1, 0, 0, magnitude, 1, 0).apply(image);
    }
  },
  /** To the right by whole pixels; fractions are cut off. */
  TRANSLATE_X(true) {
    @Override
    Image apply(Image image, double magnitude) {
      return new PillowMap(1, 0, -(int) magnitude, 0, 1, 0).apply(image);
    }
  },
  /** Down by whole pixels; fractions are cut off. */
  TRANSLATE_Y(true) {
    @Override
    Image apply(Image image, double magnitude) {
      return new PillowMap(1, 0, 0, 0, 1, -(int) magnitude).apply(image);
    }
  },
  /** Counter-clockwise by degrees. */
  ROTATE(true) {
    @Override
    Image apply(Image image, double magnitude) {
      return PillowMap.rotation(magnitude, image.width(), image.height()).apply(image);
    }
  },
  /** Added to 1, the share of the image beside black. */
  BRIGHTNESS(true) {
    @Override
    Image apply(Image image, double magnitude) {
      return PillowTones.brightness(image, (float) (1 + magnitude));
    }
  },
  /** Added to 1, the share of the image beside itself in grey. */
  COLOR(true) {
    @Override
    Image apply(Image image, double magnitude) {
      return PillowTones.color(image, (float) (1 + magnitude));
    }
  },
  /** Added to 1, the share of the image beside its mean grey. */
  CONTRAST(true) {
    @Override
    Image apply(Image image, double magnitude) {
      return PillowTones.contrast(image, (float) (1 + magnitude));
    }
  },
  /** Added to 1, the share of the image beside itself smoothed. */
  SHARPNESS(true) {
    @Override
    Image apply(Image image, double magnitude) {
      return PillowTones.sharpness(image, (float) (1 + magnitude));
    }
  },
  /** Bits that are kept. */
  POSTERIZE {
    @Override
    Image apply(Image image, double magnitude) {
      return Tones.posterize(image, (int) magnitude);
    }
  },
  /** Threshold, from which on values are inverted. */
  SOLARIZE {
    @Override
    Image apply(Image image, double magnitude) {
      return Tones.solarize(image, (int) Math.ceil(magnitude));
    }
  },
  AUTO_CONTRAST {
    @Override
    Image apply(Image image, double magnitude) {
      return PillowTones.autoContrast(image);
    }
  },
  EQUALIZE {
    @Override
    Image apply(Image image, double magnitude) {
      return Tones.equalize(image);
    }
  };

  private final boolean signed;

  PillowOp() {
    this(false);
  }

  PillowOp(boolean signed) {
    this.signed = signed;
  }

  /** Whether it goes either way, at random. */
  boolean isSigned() {
    return signed;
  }

  /**
   * Makes another image, or gives that one.
   *
   * @param magnitude negative for the other way where signed
   */
  abstract Image apply(Image image, double magnitude);
}
