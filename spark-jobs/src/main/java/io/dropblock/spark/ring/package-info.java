/**
 * The ring of ranks that averages a flat array synchronously between processes. Knows addresses and
 * bytes, nothing of Spark or ND4J.
 *
 * <p>Every rank opens a {@link io.dropblock.spark.ring.RingPort}, all exchange their addresses by a
 * road of their own, and each meets its two neighbours: it connects to rank + 1 and is called by
 * rank - 1. Neighbours prove to each other that they know the secret, or the nonce, of the run. The
 * data after that is neither encrypted nor signed.
 */
package io.dropblock.spark.ring;
