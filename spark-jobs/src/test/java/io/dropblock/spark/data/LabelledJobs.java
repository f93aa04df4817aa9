package io.dropblock.spark.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.status.AppStatusStore;
import org.awaitility.Awaitility;
import scala.collection.JavaConverters;

/** What the Spark UI says of the jobs of an application. */
public final class LabelledJobs {
  private LabelledJobs() {}

  /** {@code group | name | description}, the first job first; - where there is none. */
  public static List<String> of(JavaSparkContext spark) {
    AppStatusStore store = settled(spark);
    List<String> jobs =
        new ArrayList<>(
            JavaConverters.seqAsJavaList(store.jobsList(Collections.emptyList())).stream()
                .map(
                    job ->
                        String.join(
                            " | ",
                            job.jobGroup().getOrElse(() -> "-"),
                            job.name(),
                            job.description().getOrElse(() -> "-")))
                .toList());
    Collections.reverse(jobs);
    return jobs;
  }

  /** The names of all stages. */
  public static List<String> stages(JavaSparkContext spark) {
    AppStatusStore store = settled(spark);
    return JavaConverters.seqAsJavaList(
            store.stageList(Collections.emptyList(), false, false, new double[0], null))
        .stream()
        .map(stage -> stage.name())
        .toList();
  }

  /** Tasks of the stages of a name. */
  public static List<Integer> tasks(JavaSparkContext spark, String name) {
    AppStatusStore store = settled(spark);
    return JavaConverters.seqAsJavaList(
            store.stageList(Collections.emptyList(), false, false, new double[0], null))
        .stream()
        .filter(stage -> stage.name().equals(name))
        .map(stage -> stage.numTasks())
        .toList();
  }

  /** It hears of jobs on a thread of its own. */
  private static AppStatusStore settled(JavaSparkContext spark) {
    AppStatusStore store = spark.sc().statusStore();
    Awaitility.await()
        .until(
            () ->
                JavaConverters.seqAsJavaList(store.jobsList(Collections.emptyList())).stream()
                    .allMatch(job -> job.completionTime().isDefined()));
    return store;
  }
}
