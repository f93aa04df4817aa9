package io.dropblock.spark.data.annotation;

import java.io.Serializable;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** A list that takes 4 bytes a number: the outlines of a data set have tens of millions. */
final class PackedFloats extends AbstractList<Float> implements RandomAccess, Serializable {
  private static final long serialVersionUID = 1L;

  private final float[] values;

  PackedFloats(float[] values) {
    this.values = values.clone();
  }

  static PackedFloats copyOf(List<Float> list) {
    if (list instanceof PackedFloats packed) {
      return packed;
    }
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i);
    }
    return new PackedFloats(values);
  }

  @Override
  public Float get(int index) {
    return values[index];
  }

  @Override
  public int size() {
    return values.length;
  }
}
