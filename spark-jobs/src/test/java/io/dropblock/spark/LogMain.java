package io.dropblock.spark;

import java.nio.channels.ClosedChannelException;
import org.slf4j.LoggerFactory;

/** Logs what a driver does that loses an executor, and a few things more. */
final class LogMain {
  private LogMain() {}

  public static void main(String[] arguments) {
    LoggerFactory.getLogger("org.apache.spark.network.server.TransportChannelHandler")
        .warn("Exception in connection", new ClosedChannelException());
    LoggerFactory.getLogger("org.apache.spark.storage.BlockManagerMasterEndpoint")
        .warn("Error trying to remove broadcast 5", new ClosedChannelException());
    LoggerFactory.getLogger("org.apache.spark.rpc.netty.Inbox")
        .error("Ignoring error", new ClosedChannelException());
    LoggerFactory.getLogger("org.apache.spark.scheduler.TaskSchedulerImpl")
        .error("Lost executor 0 on 127.0.0.1: Remote RPC client disassociated");
    LoggerFactory.getLogger("org.apache.spark.scheduler.TaskSchedulerImpl")
        .warn("Initial job has not accepted any resources");
    LoggerFactory.getLogger("org.apache.spark.sql.Anything").warn("a warning");
    LoggerFactory.getLogger("io.dropblock.spark.Anything").info("our own");
  }
}
