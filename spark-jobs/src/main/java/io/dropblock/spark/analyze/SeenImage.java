package io.dropblock.spark.analyze;

import io.dropblock.spark.objective.picture.Tile;
import java.io.Serializable;

/**
 * An image, and where a network sees a class in it.
 *
 * @param name of the image, for people
 * @param tile what the network saw of it
 * @param label the class, by its number
 * @param probability of the class, 0 to 1
 * @param map of the class
 */
public record SeenImage(String name, Tile tile, int label, double probability, ClassMap map)
    implements Serializable {}
