package io.dropblock.cpu;

/**
 * An {@link UpdateRule} as the loops in C take it.
 *
 * @param number its place in {@code Rule} of {@code update.h}
 * @param own its numbers, in the order of that file
 */
record NativeRule(int number, double... own) {

  static NativeRule of(UpdateRule rule) {
    if (rule instanceof UpdateRule.Momentum momentum) {
      return new NativeRule(0, momentum.momentum(), momentum.nesterov() ? 1 : 0);
    }
    if (rule instanceof UpdateRule.RmsProp rms) {
      return new NativeRule(1, rms.decay(), 1 - rms.decay(), rms.momentum(), rms.epsilon());
    }
    UpdateRule.Adam adam = (UpdateRule.Adam) rule;
    return new NativeRule(
        2,
        adam.beta1(),
        1 - adam.beta1(),
        adam.beta2(),
        1 - adam.beta2(),
        adam.epsilon(),
        adam.rate() / (1 - Math.pow(adam.beta1(), adam.step())),
        1 / Math.sqrt(1 - Math.pow(adam.beta2(), adam.step())));
  }

  /** The numbers of a step: scale, rate, and the rule's own. */
  float[] numbers(double scale, double rate) {
    float[] numbers = new float[2 + own.length];
    numbers[0] = (float) scale;
    numbers[1] = (float) rate;
    for (int i = 0; i < own.length; i++) {
      numbers[2 + i] = (float) own[i];
    }
    return numbers;
  }
}
