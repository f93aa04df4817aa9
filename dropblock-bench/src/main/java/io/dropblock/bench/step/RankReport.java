package io.dropblock.bench.step;

import java.util.List;

/**
 * What one process measured.
 *
 * @param repetitions in their order
 * @param firstLoss of the first step of the warm-up; not a number for inference
 * @param lastLoss of the last step; not a number for inference
 * @param peak largest resident size of the process, MiB
 * @param growth of the resident size over the measured steps, without garbage, MiB
 */
record RankReport(
    List<Repetition> repetitions, double firstLoss, double lastLoss, double peak, double growth) {}
