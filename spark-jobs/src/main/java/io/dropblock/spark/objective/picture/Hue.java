package io.dropblock.spark.objective.picture;

import java.io.Serializable;

/**
 * What a colour means.
 *
 * @param label of what has it; colours are shown in the order of the labels
 * @param rgb {@code 0xRRGGBB}
 * @param name of what has it
 */
public record Hue(int label, int rgb, String name) implements Serializable {}
