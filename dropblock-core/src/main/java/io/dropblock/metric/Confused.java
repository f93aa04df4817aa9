package io.dropblock.metric;

import java.util.List;

/** A metric that counts which class was taken for which. */
public interface Confused {

  /** The names of the classes by number. */
  List<String> classes();

  /** What was counted. */
  ConfusionMatrix confusion();
}
