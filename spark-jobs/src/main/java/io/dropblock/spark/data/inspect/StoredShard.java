package io.dropblock.spark.data.inspect;

import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.Shard;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A shard and its place: the unit of work of both jobs. */
record StoredShard(Split split, int index, Shard shard) implements Serializable {
  static List<StoredShard> of(DatasetManifest manifest) {
    List<StoredShard> all = new ArrayList<>();
    for (Split split : Split.values()) {
      List<Shard> shards = manifest.shards(split);
      for (int i = 0; i < shards.size(); i++) {
        all.add(new StoredShard(split, i, shards.get(i)));
      }
    }
    return all;
  }
}
