package io.dropblock.spark.predict.output;

import java.io.Serializable;

/**
 * A file of a part.
 *
 * @param name its path in the folder
 * @param bytes its length
 */
public record WrittenFile(String name, long bytes) implements Serializable {}
