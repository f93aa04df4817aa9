package io.dropblock.spark.train;

import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.event.RunEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What was told of a training.
 *
 * @param events in their order
 * @param manifests of each checkpoint, as it was told of
 * @param jobs of Spark's
 * @param tasks of each evaluation
 */
record ToldTraining(
    List<RunEvent> events,
    Map<String, Checkpoint.Manifest> manifests,
    List<String> jobs,
    List<Integer> tasks) {

  ToldTraining() {
    this(
        Collections.synchronizedList(new ArrayList<>()),
        Collections.synchronizedMap(new TreeMap<>()),
        new ArrayList<>(),
        new ArrayList<>());
  }

  List<RunEvent.Epoch> epochs() {
    return epochs(events);
  }

  int first(Predicate<RunEvent> which) {
    return events.indexOf(events.stream().filter(which).findFirst().orElseThrow());
  }

  static List<RunEvent.Epoch> epochs(List<RunEvent> events) {
    return events.stream()
        .filter(RunEvent.Epoch.class::isInstance)
        .map(RunEvent.Epoch.class::cast)
        .toList();
  }
}
