/**
 * What trained networks, and the op itself, do beyond their scores: the paper's figures 5 and 6.
 */
package io.dropblock.spark.analyze;
