package io.dropblock.spark.data.source.voc;

import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.source.GroundTruth;

/** How VOC's data sets write the class of each pixel. */
enum VocLabels implements GroundTruth.Encoding {
  /** A PNG, grey or with a palette, whose samples are labels: PASCAL VOC. */
  PNG {
    @Override
    public byte[] png(byte[] file) {
      return file;
    }
  },
  /** A MATLAB file with {@code GTcls.Segmentation}: the SBD. */
  SBD_MAT {
    @Override
    public byte[] png(byte[] file) throws BrokenImageException {
      return SbdLabels.png(file);
    }
  }
}
