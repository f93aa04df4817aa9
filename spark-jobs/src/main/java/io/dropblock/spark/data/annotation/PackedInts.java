package io.dropblock.spark.data.annotation;

import java.io.Serializable;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** A list that takes 4 bytes a number. */
final class PackedInts extends AbstractList<Integer> implements RandomAccess, Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] values;

  PackedInts(int[] values) {
    this.values = values.clone();
  }

  static PackedInts copyOf(List<Integer> list) {
    return list instanceof PackedInts packed
        ? packed
        : new PackedInts(list.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  public Integer get(int index) {
    return values[index];
  }

  @Override
  public int size() {
    return values.length;
  }
}
