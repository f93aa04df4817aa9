/**
 * A round of averaging: of the ring between processes, of the sum from one to the next, of both on
 * an encrypted ring, of the bare transfer of the same bytes, and, in {@code fit}, of fits on Spark
 * with our training master and with dl4j-spark's.
 */
package io.dropblock.bench.averaging;
