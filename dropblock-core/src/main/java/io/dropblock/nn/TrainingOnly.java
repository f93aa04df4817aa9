package io.dropblock.nn;

/**
 * An output layer's configuration whose output teaches the network and is of no use afterwards.
 * {@link FoldedNetwork} leaves it out, with all that leads only to it.
 */
public interface TrainingOnly {}
