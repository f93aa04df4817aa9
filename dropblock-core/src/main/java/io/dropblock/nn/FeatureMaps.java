package io.dropblock.nn;

import io.dropblock.cpu.MapOrder;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arrays {@code [n, c, h, w]} in DL4J's workspaces, whose memory may be in another order than their
 * dimensions: layers that know of it hand each other maps with the channels last.
 */
final class FeatureMaps {
  private FeatureMaps() {}

  /** Makes maps that are to be overwritten. */
  static INDArray create(
      LayerWorkspaceMgr workspaces, ArrayType array, DataType type, MapOrder order, long... shape) {
    return switch (order) {
      case CHANNELS_FIRST -> workspaces.createUninitialized(array, type, shape, 'c');
      case CHANNELS_LAST ->
          workspaces
              .createUninitialized(
                  array, type, new long[] {shape[0], shape[2], shape[3], shape[1]}, 'c')
              .permute(0, 3, 1, 2);
    };
  }

  /** The maps themselves if they are in an order, else a copy that is. */
  static INDArray ordered(
      LayerWorkspaceMgr workspaces, ArrayType array, INDArray maps, MapOrder order) {
    if (order.isOf(maps)) {
      return maps;
    }
    INDArray copy = create(workspaces, array, maps.dataType(), order, maps.shape());
    return copy.assign(maps);
  }
}
