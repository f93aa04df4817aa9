package io.dropblock.spark.data.image;

/**
 * A rectangle of whole pixels within an image; {@code x} and {@code y} are its upper left corner.
 */
record Region(int x, int y, int width, int height) {}
