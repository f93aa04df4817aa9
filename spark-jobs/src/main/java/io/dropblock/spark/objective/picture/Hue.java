package io.dropblock.spark.objective.picture;

import java.io.Serializable;

/**
 * What a colour means.
 *
 * @param rgb {@code 0xRRGGBB}
 * @param name of what has it
 */
public record Hue(int rgb, String name) implements Serializable {}
