/** Rounds of averaging as parts of fits on a Spark of this machine, by either training master. */
package io.dropblock.bench.averaging.fit;
