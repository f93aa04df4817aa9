/**
 * How parameters move: {@link io.dropblock.optimizer.Optimizer} says it, in the field's form;
 * {@link io.dropblock.optimizer.settings} are it for DL4J, slowly and anywhere, and {@link
 * io.dropblock.optimizer.OnePassUpdater} in one pass over a graph's flat arrays. {@link
 * io.dropblock.optimizer.Frozen} moves nothing.
 */
package io.dropblock.optimizer;
