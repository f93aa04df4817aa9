/**
 * DropBlock and its relatives in any DL4J network, and DL4J's own layers at full speed.
 *
 * <p>{@link io.dropblock.nn.DropBlock} is a layer, with dropout and SpatialDropout as its two
 * extremes; {@link io.dropblock.nn.DropPath} is a vertex of a graph. Either has a schedule of its
 * own, or the network is told before each step what to do:
 *
 * <pre>{@code
 * DropBlockSites sites = DropBlockSites.of(network);
 * sites.set(new DropBlockStep(keepProbability, seed, step, firstSample));
 * network.fit(batch);
 * }</pre>
 */
package io.dropblock.nn;
