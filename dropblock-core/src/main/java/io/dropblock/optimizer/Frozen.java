package io.dropblock.optimizer;

/** Parameters stay as they are, to the bit, whatever their gradients: no update and no decay. */
public record Frozen() implements Optimizer {

  @Override
  public WeightDecay decay() {
    return WeightDecay.none();
  }

  @Override
  public FrozenSettings updater() {
    return new FrozenSettings();
  }
}
