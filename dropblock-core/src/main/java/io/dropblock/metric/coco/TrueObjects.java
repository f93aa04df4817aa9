package io.dropblock.metric.coco;

/**
 * The objects of an image as its data set has them.
 *
 * @param boxes {@code x, y, width, height} of each, pixels of the stored image; not copied
 * @param areas of the objects themselves, square pixels; not copied
 * @param crowds whether each stands for many; not copied
 * @param categories index of the category of each; not copied
 */
public record TrueObjects(double[] boxes, double[] areas, boolean[] crowds, int[] categories) {}
