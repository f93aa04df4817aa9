package io.dropblock.spark.predict;

import io.dropblock.spark.objective.picture.Exhibit;
import io.dropblock.spark.predict.output.PartNote;
import java.io.Serializable;
import java.util.List;

/**
 * What became of a part.
 *
 * @param note on it
 * @param pictures of some of its images that are not broken
 */
record PartResult(PartNote note, List<Exhibit> pictures) implements Serializable {}
