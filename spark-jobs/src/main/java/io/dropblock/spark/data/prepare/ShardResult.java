package io.dropblock.spark.data.prepare;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.dropblock.spark.data.image.ImageOddity;
import io.dropblock.spark.data.shard.BrokenImage;
import io.dropblock.spark.data.shard.Shard;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What came of a {@link ShardPlan}; also kept as a small file beside the shard until the whole data
 * set is there.
 *
 * @param fingerprint of the plan
 * @param shard the written file; null where no image was left, or where a broken one stops the
 *     preparation
 * @param broken images that could not be decoded
 * @param counts what the tally of the data set's kind counted
 * @param odd how many of the stored images have which oddity; null, which means none, in notes of
 *     before that
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ShardResult(
    String fingerprint,
    Shard shard,
    List<BrokenImage> broken,
    List<Long> counts,
    Map<ImageOddity, Long> odd)
    implements Serializable {
  ShardResult {
    broken = List.copyOf(broken);
    counts = List.copyOf(counts);
    odd = odd == null ? Map.of() : Map.copyOf(odd);
  }
}
