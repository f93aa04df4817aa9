package io.dropblock.spark.analyze;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.evaluate.SplitImages;
import io.dropblock.spark.objective.picture.Tile;
import io.dropblock.spark.rank.RankCores;
import io.dropblock.spark.rank.RankGpu;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The {@link ClassMap}s of a network over a split: one Spark job, one task a rank, each image once.
 *
 * @param images of the split
 * @param features name of the vertex with the last features, see {@link MappedNetwork}
 * @param output name of the last layer
 * @param label whose maps they are; -1 for the class that the network takes each image for
 * @param shown places in the split of the images that are shown
 */
public record MapSurvey(
    SplitImages images, String features, String output, int label, Set<Long> shown)
    implements Serializable {
  /** Longest side of an image that is shown, pixels. */
  public static final int SIDE = 224;

  /** Copies the set. */
  public MapSurvey {
    shown = Set.copyOf(shown);
  }

  /**
   * What was found.
   *
   * @param spread of all maps
   * @param seen the images that are shown, in the order of the split
   */
  public record Result(MapSpread spread, List<SeenImage> seen) implements Serializable {
    Result merge(Result other) {
      List<SeenImage> both = new ArrayList<>(seen);
      both.addAll(other.seen);
      return new Result(spread.plus(other.spread), both);
    }
  }

  /** Looks at all images. */
  public Result run(JavaSparkContext spark, NetworkState network) {
    Broadcast<NetworkState> broadcast = spark.broadcast(network);
    try {
      // Merged in the order of the ranks, as a sum of doubles depends on it
      return spark
          .parallelize(IntStream.range(0, images.world()).boxed().toList(), images.world())
          .mapPartitions(ranks -> look(broadcast.value(), ranks))
          .collect()
          .stream()
          .reduce(Result::merge)
          .orElseThrow();
    } finally {
      broadcast.destroy();
    }
  }

  private Iterator<Result> look(NetworkState state, Iterator<Integer> ranks) {
    RankGpu.ofThisTask().ifPresent(RankGpu::take);
    RankCores cores = RankCores.ofThisTask();
    cores.take();
    MappedNetwork network = MappedNetwork.of(state, features, output);
    List<Result> results = new ArrayList<>();
    ranks.forEachRemaining(rank -> results.add(look(network, rank, cores)));
    return results.iterator();
  }

  private Result look(MappedNetwork network, int rank, RankCores cores) {
    List<SeenImage> seen = new ArrayList<>();
    List<MapSpread> spreads = new ArrayList<>(List.of(MapSpread.NONE));
    OptionalInt chosen = label < 0 ? OptionalInt.empty() : OptionalInt.of(label);
    images.forEach(
        rank,
        cores,
        (batch, pixels, place) -> {
          MappedNetwork.Answers answers = network.answers(pixels);
          for (int image = 0; image < batch.size(); image++) {
            int of = chosen.orElse(answers.said(image));
            ClassMap map = answers.map(image, of);
            spreads.set(0, spreads.get(0).plus(MapSpread.of(map)));
            if (shown.contains(place + image)) {
              String name = "#" + (place + image);
              double probability = answers.probability(image, of);
              seen.add(new SeenImage(name, tile(batch, image), of, probability, map));
            }
          }
        });
    return new Result(spreads.get(0), seen);
  }

  private Tile tile(Batch batch, int image) {
    ShownPixels shownPixels =
        new ShownPixels(batch.pixels(), images.source().normalization(), batch.width());
    return Tile.mean(shownPixels.image(image, batch.width(), batch.height()), SIDE);
  }
}
