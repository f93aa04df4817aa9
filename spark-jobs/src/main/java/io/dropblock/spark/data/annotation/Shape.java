package io.dropblock.spark.data.annotation;

import java.io.Serializable;

/** The pixels of an object. */
public sealed interface Shape extends Serializable permits Polygons, RunLengths {}
