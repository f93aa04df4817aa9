/**
 * Measurements of what a feed does for each image of a prepared data set: reading, decoding,
 * augmenting, and all of it. In this JVM, on threads of its own.
 */
package io.dropblock.bench.input;
