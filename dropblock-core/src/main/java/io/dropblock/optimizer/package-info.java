/**
 * How parameters move: {@link io.dropblock.optimizer.Optimizer} says it, in the field's form, which
 * multiplies by the learning rate when a step is taken; {@link
 * io.dropblock.optimizer.MomentumSettings} is it for DL4J, slowly and anywhere, and {@link
 * io.dropblock.optimizer.OnePassUpdater} in one pass over a graph's flat arrays. {@link
 * io.dropblock.optimizer.Frozen} moves nothing.
 */
package io.dropblock.optimizer;
