package io.dropblock.spark.train;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.util.Progressable;

/**
 * A local folder, {@code slow:/folder}, that somebody may hold up as a file is begun, or the
 * setting {@code fs.slow.seconds} does.
 */
public final class SlowStore extends RawLocalFileSystem {
  /** The setting that makes Hadoop find it. */
  public static final String SETTING = "fs.slow.impl";

  private static final String SECONDS = "fs.slow.seconds";

  private static volatile Hold hold;

  /** Holds up. */
  public interface Hold {
    /** Returns when the file may be written. */
    void before(Path file) throws IOException;
  }

  /** Null for nobody. */
  public static void hold(Hold by) {
    hold = by;
  }

  @Override
  public URI getUri() {
    return URI.create("slow:///");
  }

  @Override
  public String getScheme() {
    return "slow";
  }

  /** There are no permissions. */
  @Override
  public void access(Path path, FsAction action) {}

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    try {
      TimeUnit.SECONDS.sleep(getConf().getInt(SECONDS, 0));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(path.toString());
    }
    Hold now = hold;
    if (now != null) {
      now.before(path);
    }
    return super.create(path, overwrite, buffer, replication, block, progress);
  }
}
