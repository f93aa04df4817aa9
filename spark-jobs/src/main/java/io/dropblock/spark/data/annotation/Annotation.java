package io.dropblock.spark.data.annotation;

import java.io.Serializable;

/**
 * What is known of an image. How it is stored, counted and drawn is the work of {@code data.kind}.
 */
public interface Annotation extends Serializable {}
