/**
 * How good predictions are. Every metric is an accumulator with the same three verbs: {@code add}
 * on each partition, {@code merge} of the partitions in any order, {@code scores} at the end.
 * Accumulators are serializable and not thread-safe.
 */
package io.dropblock.metric;
