package io.dropblock.spark.scaling;

/**
 * What a number of ranks will take.
 *
 * @param world number of ranks
 * @param batch of a step
 * @param kept bytes of gradients that a rank keeps until the sum of those before it comes
 * @param step a step
 * @param epoch seconds of one
 * @param run seconds of all
 * @param efficiency how many times as fast as one rank, as a share of the ranks; 1 is best
 */
public record Forecast(
    int world,
    SharedBatch batch,
    double kept,
    StepTime step,
    double epoch,
    double run,
    double efficiency) {

  /**
   * Of a model and a run.
   *
   * @param alone the model of one rank, which may have other slots
   */
  public static Forecast of(StepModel model, StepModel alone, RunLength length, int world) {
    StepTime step = model.step(world);
    double epoch = length.epoch(step.seconds(), world);
    double one = length.epoch(alone.step(1).seconds(), 1);
    return new Forecast(
        world,
        new SharedBatch(model.slots(), length.globalBatch() / model.slots()),
        model.kept(world),
        step,
        epoch,
        length.epochs() * epoch,
        one / (world * epoch));
  }
}
