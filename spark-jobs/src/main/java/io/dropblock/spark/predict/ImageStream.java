package io.dropblock.spark.predict;

import java.io.Closeable;
import java.util.Iterator;

/** Images one after the other. */
interface ImageStream extends Iterator<EncodedImage>, Closeable {}
