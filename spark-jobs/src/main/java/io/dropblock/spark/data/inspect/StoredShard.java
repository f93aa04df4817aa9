package io.dropblock.spark.data.inspect;

import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.ShardReader;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A shard and its place: the unit of work of both jobs. */
record StoredShard(AnnotationKind kind, Split split, int index, Shard shard)
    implements Serializable {
  ShardReader open(Path dataset, Configuration configuration) {
    return ShardReader.open(dataset, shard, kind, configuration);
  }

  static List<StoredShard> of(DatasetManifest manifest) {
    List<StoredShard> all = new ArrayList<>();
    for (Split split : Split.values()) {
      List<Shard> shards = manifest.shards(split);
      for (int i = 0; i < shards.size(); i++) {
        all.add(new StoredShard(manifest.kind(), split, i, shards.get(i)));
      }
    }
    return all;
  }
}
