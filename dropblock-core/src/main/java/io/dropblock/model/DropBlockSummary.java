package io.dropblock.model;

import io.dropblock.model.Regularization.Kind;
import io.dropblock.nn.DropBlock;
import io.dropblock.nn.DropPath;
import io.dropblock.nn.pyramid.LevelNet;
import io.dropblock.nn.pyramid.LevelSettings;
import io.dropblock.op.BlockGeometry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * One site that drops activations, and the feature map that it drops from.
 *
 * @param name of the vertex
 * @param kind what drops
 * @param map shape of the feature map, of one example
 * @param geometry the block on that map; of a DropPath, which drops samples, one pixel in all
 * @param dropScale factor on the scheduled drop probability
 */
public record DropBlockSummary(
    String name, Kind kind, MapShape map, BlockGeometry geometry, double dropScale) {

  static DropBlockSummary of(String name, DropBlock layer, MapShape map) {
    BlockGeometry geometry = layer.geometry(map.height(), map.width());
    return new DropBlockSummary(name, kind(layer), map, geometry, layer.dropScale());
  }

  static DropBlockSummary of(String name, DropPath vertex, MapShape map) {
    BlockGeometry sample = new BlockGeometry(1, 1, 1, 1);
    return new DropBlockSummary(name, Kind.DROP_PATH, map, sample, vertex.dropScale());
  }

  /** The sites inside a vertex: behind each convolution, on each level. */
  static List<DropBlockSummary> of(String name, LevelNet vertex, InputType... inputs) {
    LevelSettings settings = vertex.settings();
    List<DropBlockSummary> sites = new ArrayList<>();
    for (int level = 0; level < inputs.length && settings.dropBlock() != null; level++) {
      MapShape input = MapShape.of(inputs[level]);
      MapShape map = new MapShape(settings.filters(), input.height(), input.width());
      for (int number = 0; number < settings.convolutions(); number++) {
        String site = String.format(Locale.ROOT, "%s/conv%d/level%d", name, number, level);
        sites.add(of(site, settings.dropBlock(), map));
      }
    }
    return sites;
  }

  private static Kind kind(DropBlock layer) {
    if (layer.blockHeight() == 1 && layer.blockWidth() == 1) {
      return Kind.DROPOUT;
    }
    boolean whole =
        layer.blockHeight() == DropBlock.WHOLE_MAP && layer.blockWidth() == DropBlock.WHOLE_MAP;
    return whole ? Kind.SPATIAL_DROPOUT : Kind.DROPBLOCK;
  }
}
