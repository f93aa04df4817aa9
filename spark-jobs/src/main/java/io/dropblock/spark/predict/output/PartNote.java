package io.dropblock.spark.predict.output;

import io.dropblock.spark.data.shard.BrokenImage;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What a part of the images has become.
 *
 * @param images of it
 * @param broken how many of them got no prediction
 * @param named some of these; all, where the output has no place for them
 * @param files that hold the predictions
 * @param keys of the images, by which the output tells them apart, with their names; none where it
 *     does so by the names
 */
public record PartNote(
    long images,
    long broken,
    List<BrokenImage> named,
    List<WrittenFile> files,
    Map<String, String> keys)
    implements Serializable {}
