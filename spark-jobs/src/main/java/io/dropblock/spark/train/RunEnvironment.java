package io.dropblock.spark.train;

import io.dropblock.spark.train.event.RunEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.nd4j.linalg.factory.Nd4j;

/** What a run is trained with, for its log and its report; no secret is in it. */
final class RunEnvironment {
  private static final List<String> SETTINGS =
      List.of(
          "spark.master",
          "spark.submit.deployMode",
          "spark.executor.instances",
          "spark.executor.cores",
          "spark.executor.memory",
          "spark.executor.memoryOverhead",
          "spark.executor.resource.gpu.amount",
          "spark.task.cpus");

  private RunEnvironment() {}

  static RunEvent.Environment of(SparkContext spark) {
    Map<String, String> facts = new LinkedHashMap<>();
    Package own = RunEnvironment.class.getPackage();
    if (own.getImplementationVersion() != null) {
      facts.put("DropBlock on Spark", own.getImplementationVersion());
    }
    facts.put("Spark", spark.version());
    facts.put("application", spark.applicationId());
    facts.put("Java", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put("ND4J", Nd4j.getBackend().getClass().getSimpleName());
    facts.put(
        "driver",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + ", "
            + System.getProperty("os.arch")
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " processors");
    SparkConf settings = spark.conf();
    for (String name : SETTINGS) {
      if (settings.contains(name)) {
        facts.put(name, settings.get(name));
      }
    }
    return new RunEvent.Environment(facts);
  }
}
