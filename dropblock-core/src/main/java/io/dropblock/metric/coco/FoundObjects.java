package io.dropblock.metric.coco;

/**
 * What was found in an image.
 *
 * @param boxes {@code x, y, width, height} of each, pixels of the stored image; not copied
 * @param scores of each, the higher the surer; not copied
 * @param categories index of the category of each; not copied
 */
public record FoundObjects(double[] boxes, double[] scores, int[] categories) {}
