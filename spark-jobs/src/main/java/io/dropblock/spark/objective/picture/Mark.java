package io.dropblock.spark.objective.picture;

import java.io.Serializable;

/**
 * A rectangle on a panel, in the colour of a class and with a text.
 *
 * @param top of its upper side, as a share of the panel's height, 0 to 1
 * @param left of its left side, as a share of the panel's width, 0 to 1
 * @param bottom of its lower side
 * @param right of its right side
 * @param label of the class, 0 or more
 * @param text beside it
 */
public record Mark(float top, float left, float bottom, float right, int label, String text)
    implements Serializable {}
