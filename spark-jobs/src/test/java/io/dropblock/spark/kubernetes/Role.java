package io.dropblock.spark.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;

/** What a pod is for. */
enum Role {
  EXECUTOR,
  /** A driver that spark-submit started. */
  DRIVER,
  /** A driver of a Job's, which runs submit.sh. */
  JOB;

  static Role of(JsonNode pod) {
    return switch (pod.path("metadata").path("labels").path("spark-role").asText()) {
      case "executor" -> EXECUTOR;
      case "driver" -> DRIVER;
      default -> JOB;
    };
  }
}
