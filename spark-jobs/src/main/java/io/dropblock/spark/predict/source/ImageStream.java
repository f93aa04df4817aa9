package io.dropblock.spark.predict.source;

import java.io.Closeable;
import java.util.Iterator;

/** Images one after the other. */
public interface ImageStream extends Iterator<EncodedImage>, Closeable {}
