package io.dropblock.spark.predict.source;

import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.ShardReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Images of a prepared data set: some blocks of a shard that follow each other.
 *
 * @param dataset its folder
 * @param shard the shard
 * @param kind of the data set's annotations, which are not looked at
 * @param from first block
 * @param to behind the last block
 */
record ShardPart(String dataset, Shard shard, AnnotationKind kind, int from, int to)
    implements ImagePart {

  /**
   * Shares shards out, in their order.
   *
   * @param most images of a part, unless a single block has more
   */
  static List<ImagePart> of(Path dataset, DatasetManifest manifest, List<Shard> shards, int most) {
    List<ImagePart> parts = new ArrayList<>();
    for (Shard shard : shards) {
      int from = 0;
      long images = 0;
      for (int block = 0; block < shard.blocks().size(); block++) {
        int records = shard.blocks().get(block);
        if (images > 0 && images + records > most) {
          parts.add(new ShardPart(dataset.toString(), shard, manifest.kind(), from, block));
          from = block;
          images = 0;
        }
        images += records;
      }
      if (images > 0) {
        parts.add(
            new ShardPart(dataset.toString(), shard, manifest.kind(), from, shard.blocks().size()));
      }
    }
    return parts;
  }

  @Override
  public long images() {
    return shard.blocks().subList(from, to).stream().mapToLong(Integer::longValue).sum();
  }

  @Override
  public Stream<String> identity() {
    return Stream.of(toString());
  }

  @Override
  public ImageStream open(Configuration configuration) {
    ShardReader reader = ShardReader.open(new Path(dataset), shard, kind, configuration);
    return new ImageStream() {
      private int next = from;
      private Iterator<ImageRecord> block = Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        while (!block.hasNext() && next < to) {
          block = reader.block(next++).iterator();
        }
        return block.hasNext();
      }

      @Override
      public EncodedImage next() {
        hasNext();
        ImageRecord record = block.next();
        return new EncodedImage(record.name(), record.annotation(), record.bytes(), null);
      }

      @Override
      public void close() {
        reader.close();
      }
    };
  }
}
