package io.dropblock.bench.step;

import io.dropblock.nn.phase.Phase;
import java.util.Map;

/**
 * Some steps in a row on one rank.
 *
 * @param steps number of steps
 * @param seconds they took
 * @param phases milliseconds a step
 */
record Repetition(int steps, double seconds, Map<Phase, Double> phases) {}
