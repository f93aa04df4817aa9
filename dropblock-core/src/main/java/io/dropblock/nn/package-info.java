/**
 * DropBlock as a layer of any DL4J network, and DL4J's own layers at full speed.
 *
 * <p>A network with {@link io.dropblock.nn.DropBlock} layers is told before each step what to do:
 *
 * <pre>{@code
 * DropBlockSites sites = DropBlockSites.of(network);
 * sites.set(new DropBlockStep(keepProbability, seed, step, firstSample));
 * network.fit(batch);
 * }</pre>
 */
package io.dropblock.nn;
