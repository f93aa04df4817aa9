/**
 * The networks: plain arguments in, a DL4J {@code ComputationGraph} out.
 *
 * <p>{@link io.dropblock.model.Architecture} is the door: a {@link io.dropblock.model.Trunk} with a
 * {@link io.dropblock.model.Head} on it. {@link io.dropblock.model.Regularization} says what drops
 * activations and where, and {@link io.dropblock.model.NetworkSummary} what a network holds and
 * costs. Features are {@code [N, C, H, W]}, labels class numbers {@code [N, 1]}.
 *
 * <p>Vertex names are stable, for they key saved parameters, DropBlock's random streams and
 * reports: {@code stem/conv}, {@code group3/block0/conv1}, {@code group3/block0/bn1}, {@code
 * group3/block0/dropblock1}, {@code group3/block0/dropblock-skip}, {@code group3/block0/drop-path},
 * {@code pyramid/lateral4}, {@code pyramid/sum4}, {@code pyramid/conv4}, {@code pyramid/bn4},
 * {@code pyramid/relu6}, {@code head/pool}, {@code head/softmax}, {@code head/levels}, {@code
 * head/bn}, {@code head/classes}, {@code head/logits}, {@code head/class-net}, {@code
 * head/box-net}, {@code head/boxes}. Groups count from 1, blocks from 0, layers inside a block from
 * 1.
 */
package io.dropblock.model;
