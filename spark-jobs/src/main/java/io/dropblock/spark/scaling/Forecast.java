package io.dropblock.spark.scaling;

/**
 * What a number of ranks will take.
 *
 * @param world number of ranks
 * @param step a step
 * @param epoch seconds of one
 * @param run seconds of all
 * @param efficiency how many times as fast as one rank, as a share of the ranks; 1 is best
 */
public record Forecast(int world, StepTime step, double epoch, double run, double efficiency) {

  /** Of a model and a run. */
  public static Forecast of(StepModel model, RunLength length, int world) {
    StepTime step = model.step(world);
    double epoch = length.epoch(step.seconds(), world);
    double alone = length.epoch(model.step(1).seconds(), 1);
    return new Forecast(
        world, step, epoch, length.epochs() * epoch, alone / (world * epoch));
  }
}
