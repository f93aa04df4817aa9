package io.dropblock.spark.data.source.voc;

import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.source.GroundTruth;

/** How VOC's data sets write the class of each pixel. */
enum VocLabels implements GroundTruth.Encoding {
  /** A PNG, grey or with a palette, whose samples are labels: PASCAL VOC. */
  PNG {
    @Override
    public Annotation annotation(byte[] file) {
      return new LabelMap(file);
    }
  },
  /** A MATLAB file with {@code GTcls.Segmentation}: the SBD. */
  SBD_MAT {
    @Override
    public Annotation annotation(byte[] file) throws BrokenImageException {
      return new LabelMap(SbdLabels.png(file));
    }
  }
}
