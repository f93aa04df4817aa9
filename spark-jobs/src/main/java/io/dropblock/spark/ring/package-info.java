/**
 * The ring of ranks that averages a flat array synchronously between processes. Knows addresses and
 * bytes, nothing of Spark or ND4J.
 *
 * <p>Every rank opens a {@link io.dropblock.spark.ring.RingPort}, all exchange their addresses by a
 * road of their own, and each meets its two neighbours: it connects to rank + 1 and is called by
 * rank - 1. Neighbours prove to each other that they know the secret, or the nonce, of the run. The
 * data after that are encrypted where {@link io.dropblock.spark.ring.Encryption} says so:
 * AES-256-GCM in frames, with keys of an X25519 exchange, of the secret and of both greetings, for
 * one connection. Else they are neither encrypted nor signed. {@code Sender} and {@code Receiver}
 * are the one place where that makes a difference.
 */
package io.dropblock.spark.ring;
