package io.dropblock.spark.data.shard;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Serializable;
import java.util.List;

/**
 * What came of a {@link ShardPlan}; also kept as a small file beside the shard until the whole data
 * set is there.
 *
 * @param fingerprint of the plan
 * @param shard the written file; null where no image was left, or where a broken one stops the
 *     preparation
 * @param broken images that could not be decoded
 * @param counts what {@link ClassTally} counted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ShardResult(String fingerprint, Shard shard, List<BrokenImage> broken, List<Long> counts)
    implements Serializable {
  ShardResult {
    broken = List.copyOf(broken);
    counts = List.copyOf(counts);
  }
}
