package io.dropblock.spark.ml;

import io.dropblock.nn.NetworkState;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A network that the driver sends to executors once, whatever number of copies of the model ask it.
 * Spark deletes it there when neither a model nor a data set that it made needs it any more.
 */
final class SentNetwork {
  private final NetworkState network;
  private SparkContext context;
  private Broadcast<byte[]> broadcast;

  SentNetwork(NetworkState network) {
    this.network = network;
  }

  /** The broadcast of an application. Starts no job: executors fetch it when they need it. */
  synchronized Broadcast<byte[]> to(SparkContext asked) {
    if (context != asked) {
      broadcast = JavaSparkContext.fromSparkContext(asked).broadcast(NetworkBytes.of(network));
      context = asked;
    }
    return broadcast;
  }
}
