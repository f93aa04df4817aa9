package io.dropblock.spark.data.feed;

import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.ShardReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The blocks of a split by their index in the whole split. Thread-safe: each read opens its own
 * reader.
 */
final class StoredBlocks {
  /** A block's place: which shard, and which of its blocks. */
  record Place(int shard, int block) {}

  private final Path dataset;
  private final List<Shard> shards;
  private final AnnotationKind kind;
  private final List<Place> places = new ArrayList<>();
  private final Configuration configuration;

  StoredBlocks(FeedSource source, Configuration configuration) {
    this.dataset = new Path(source.dataset());
    this.shards = source.manifest().shards(source.split());
    this.kind = source.manifest().kind();
    this.configuration = configuration;
    for (int shard = 0; shard < shards.size(); shard++) {
      for (int block = 0; block < shards.get(shard).blocks().size(); block++) {
        places.add(new Place(shard, block));
      }
    }
  }

  Place place(int block) {
    return places.get(block);
  }

  String file(int block) {
    return shards.get(places.get(block).shard()).file();
  }

  List<ImageRecord> read(int block, IntFunction<byte[]> storage) {
    Place place = places.get(block);
    Shard shard = shards.get(place.shard());
    try (ShardReader reader = ShardReader.open(dataset, shard, kind, configuration)) {
      return reader.block(place.block(), storage);
    }
  }
}
