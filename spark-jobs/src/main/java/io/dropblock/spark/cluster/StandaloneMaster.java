package io.dropblock.spark.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * The master of a standalone cluster. Where nobody listens Spark would ask for a minute, with a
 * stack trace each time.
 */
public final class StandaloneMaster {
  private static final String SCHEME = "spark://";
  private static final Pattern ADDRESS = Pattern.compile("\\[?([^\\[\\]]+)]?:(\\d{1,5})");
  private static final int MILLIS = 10_000;

  private StandaloneMaster() {}

  /**
   * Tries to connect to the master, or to one of several; does nothing with another kind of
   * cluster.
   *
   * @throws ClusterException if none of them listens
   */
  public static void requireListening(SparkConf conf) {
    String master = conf.get("spark.master", "");
    if (!master.startsWith(SCHEME)) {
      return;
    }
    IOException failure = null;
    for (String one : master.substring(SCHEME.length()).split(",")) {
      Matcher address = ADDRESS.matcher(one);
      if (!address.matches() || Integer.parseInt(address.group(2)) > 65_535) {
        // for Spark to complain of
        return;
      }
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(address.group(1), Integer.parseInt(address.group(2))), MILLIS);
        return;
      } catch (IOException e) {
        failure = e;
      }
    }
    throw new ClusterException(
        "nobody listens there ("
            + (failure instanceof UnknownHostException ? "unknown host" : failure.getMessage())
            + "); start that cluster (on this machine cluster-configs/standalone/cluster.sh start),"
            + " or give its address by --conf spark.master=spark://HOST:PORT",
        failure);
  }
}
