package io.dropblock.model;

import io.dropblock.nn.DropBlock;

/**
 * One DropBlock layer and the feature map that it drops from.
 *
 * @param name of the vertex
 * @param map shape of the feature map, of one example
 * @param blockHeight rows of a dropped block as asked for, in pixels; the layer clips it to the map
 * @param blockWidth columns of a dropped block as asked for, in pixels
 * @param dropScale factor on the scheduled drop probability
 */
public record DropBlockSummary(
    String name, MapShape map, int blockHeight, int blockWidth, double dropScale) {

  static DropBlockSummary of(String name, DropBlock layer, MapShape map) {
    return new DropBlockSummary(
        name, map, layer.blockHeight(), layer.blockWidth(), layer.dropScale());
  }
}
